"""Every type of field, both ways: any size, byte order, sign, divisor or multiplier, in rows and groups, and as text.

A command of random fields is loaded from a file. What is decoded is encoded to the same bytes, what is encoded is
decoded to the same values, and the definition is written and loaded again to an equal one.
"""

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Number, Value
from sniffer.core.protocol.definition import Command, Definition, Field
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.parsers.conversion_parser import (
    FLOAT_SIZES,
    LARGEST_MULTIPLIER,
    LONGEST_NUMBER,
    LONGEST_SCALED,
)
from sniffer.core.protocol.parsers.field_parser import WORDED_SIZES
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_OCPP, PWR_TO_COM
from tests.core.protocol.helpers import as_file, frame, values_of
from tests.thoroughness import repetitions

usual = settings(max_examples=repetitions(25, 60), deadline=None)

ORDERS = ("big", "little")
SCALES = st.sampled_from([{}, {"divisor": 10}, {"divisor": 100}, {"divisor": 3}, {"divisor": 1000}]) | st.integers(
    2, LARGEST_MULTIPLIER
).map(lambda multiplier: {"multiplier": multiplier})


@st.composite
def number_keys(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the keys of a number: its size, order, sign and scale."""
    scale = draw(SCALES)
    size = draw(st.integers(1, LONGEST_SCALED if scale else LONGEST_NUMBER))
    kinds: list[dict[str, Any]] = [{}, {"type": "uint"}, {"type": "int"}, {"type": "sign magnitude"}, {"type": "bcd"}]
    if size <= LONGEST_SCALED:
        kinds += [{"zero": 2731}, {"zero": -40, "type": "int"}, {"zero": 9, "multiplier": -1}, {"multiplier": 5}]
    if size in FLOAT_SIZES:
        kinds += [{"type": "float"}, {"type": "float", "divisor": 3} if size == 4 else {"type": "float"}]
    if not scale:
        kinds += [{"show": "hex"}, {"enumeration": "status"}]
    order = draw(st.sampled_from([{}, *({"order": order} for order in ORDERS)]))
    words = draw(st.sampled_from([{}, *({"words": order} for order in ORDERS)])) if size in WORDED_SIZES else {}
    kind = draw(st.sampled_from(kinds))
    return {"size": size, **order, **words, **scale, **kind}


TEXT_KEYS = st.builds(
    lambda size, kind: {"size": size, **kind},
    st.integers(1, 20),
    st.sampled_from(
        [
            {"type": "ascii"},
            {"type": "utf-8"},
            {"type": "latin-1", "padding": "spaces"},
            {"type": "gbk", "padding": "zeros"},
        ]
    ),
)
TIME_KEYS = st.sampled_from(
    [
        {"size": 4, "type": "time", "order": "little"},
        {"size": 8, "type": "time"},
        {"size": 6, "type": "time", "parts": "smhDMY", "digits": "bcd"},
        {"size": 7, "type": "time", "parts": "YYMDhms", "digits": "binary"},
        {"size": 3, "type": "time", "parts": "YMD", "base_year": 1980},
    ]
)
BYTES_KEYS = st.builds(lambda size: {"size": size, "type": "unknown"}, st.integers(1, 5))
FIELD_KEYS = number_keys() | TEXT_KEYS | TIME_KEYS | BYTES_KEYS


@st.composite
def field_tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw the fields of a command as a file states them: single fields, rows and groups."""
    tables: list[dict[str, Any]] = []
    for place, keys in enumerate(draw(st.lists(FIELD_KEYS, min_size=1, max_size=5))):
        form = draw(st.sampled_from(["name", "names", "each"]))
        if form == "name":
            tables.append({"name": f"f{place}"} | keys)
        elif form == "names":
            tables.append({"names": [f"r{place}_a", f"r{place}_b"]} | keys)
        else:
            other = draw(FIELD_KEYS)
            members = [{"name": "x"} | keys, {"names": ["y", "z"]} | other]
            tables.append({"each": [f"g{place}_l1", f"g{place}_l2"], "fields": members})
    return tables


def load_command(tables: list[dict[str, Any]]) -> tuple[Definition, Command]:
    """Return the definition with a command of these fields, and the command."""
    entry = {"link": "dbus", "direction": "com>ocpp", "code": 0x77, "name": "mine", "summary": "", "fields": tables}
    definition = load(packaged_files(), [("my.toml", as_file({"command": [entry]}))])
    return definition, definition.command("mine")


def decode(definition: Definition, payload: bytes) -> dict[str, Value]:
    message = Codec(definition).decode(frame(COM_TO_OCPP, 0x77, payload))
    assert message.problem == ""
    values: dict[str, Value] = values_of(message)
    return values


@usual
@given(field_tables(), st.data())
def test_what_is_decoded_is_encoded_to_the_same_bytes(tables: list[dict[str, Any]], data: st.DataObject) -> None:
    definition, command = load_command(tables)
    assert command.size is not None
    payload = data.draw(st.binary(min_size=command.size, max_size=command.size))
    values = decode(definition, payload)
    assert [*values] == [field.name for field in command.fields]
    sent = Codec(definition).encode(command, 1, values)
    assert sent == frame(COM_TO_OCPP, 0x77, payload, sequence=1).raw


@usual
@given(field_tables(), st.data())
def test_what_is_encoded_is_decoded_to_the_same_values(tables: list[dict[str, Any]], data: st.DataObject) -> None:
    definition, command = load_command(tables)
    values = {field.name: data.draw(values_that_fit(field)) for field in command.fields}
    sent = Codec(definition).encode(command, 1, values)
    assert values_of(Codec(definition).decode(Frame(COM_TO_OCPP, None, sent))) == values


@usual
@given(field_tables())
def test_a_definition_is_written_and_loaded_to_an_equal_one(tables: list[dict[str, Any]]) -> None:
    definition, command = load_command(tables)
    again = load(packaged_files(), [("written.toml", format_definition(definition))])
    assert again == definition
    assert again.command("mine").fields == command.fields


@usual
@given(field_tables(), st.binary(max_size=60))
def test_a_payload_of_any_size_loses_no_byte(tables: list[dict[str, Any]], payload: bytes) -> None:
    definition, _ = load_command(tables)
    message = Codec(definition).decode(frame(COM_TO_OCPP, 0x77, payload))
    covered = b"".join(message.frame.raw[field.start : field.end] for field in message.fields)
    assert covered == payload
    assert message.summary.isprintable()


def values_that_fit(field: Field) -> st.SearchStrategy[Value]:
    """Return a strategy for the values that a field can hold, each as decoding gives it."""
    assert isinstance(field.size, int)
    low, high = bounds(field.size, signed=field.is_signed)
    if field.type == "bcd":
        return st.integers(0, 10 ** (2 * field.size) - 1).map(
            lambda number: field.conversion.value(int(str(number), 16))
        )
    if field.is_numeric:
        return st.integers(low, high).map(field.conversion.value)
    return st.binary(min_size=field.size, max_size=field.size).map(field.conversion.value)


def bounds(size: int, *, signed: bool) -> tuple[int, int]:
    """Return the lowest and the highest number of so many bytes."""
    values: int = 256**size
    return (-values // 2, values // 2 - 1) if signed else (0, values - 1)


@pytest.mark.parametrize("size", range(1, LONGEST_NUMBER + 1))
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", ["uint", "int"])
def test_the_bounds_of_a_number_are_kept(size: int, order: str, kind: str) -> None:
    definition, command = load_command([{"name": "n", "size": size, "order": order, "type": kind}])
    low, high = bounds(size, signed=kind == "int")
    for number in (low, 0, 1, high // 3, high):
        payload = number.to_bytes(size, "big", signed=kind == "int")
        payload = payload if order == "big" else payload[::-1]
        sent = Codec(definition).encode(command, 1, {"n": number})
        assert sent == frame(COM_TO_OCPP, 0x77, payload, sequence=1).raw
        assert decode(definition, payload) == {"n": number}
    for number in (low - 1, high + 1):
        with pytest.raises(EncodeError, match="does not fit"):
            Codec(definition).encode(command, 1, {"n": number})


@pytest.mark.parametrize(
    ("keys", "raw", "value", "text"),
    [
        ({"size": 4, "order": "little", "multiplier": 10, "unit": "Wh"}, "63570000", 223710, "223710 Wh"),
        ({"size": 4, "multiplier": 10, "unit": "Wh"}, "00005763", 223710, "223710 Wh"),
        ({"size": 2, "order": "little", "divisor": 10, "unit": "V"}, "6109", 240.1, "240.1 V"),
        ({"size": 2, "order": "little", "divisor": 100, "unit": "A"}, "0100", 0.01, "0.01 A"),
        ({"size": 1, "type": "int", "unit": "°C"}, "f4", -12, "-12 °C"),
        ({"size": 2, "type": "int", "unit": "V"}, "fff4", -12, "-12 V"),
        ({"size": 2, "type": "int", "order": "little", "unit": "V"}, "f4ff", -12, "-12 V"),
        ({"size": 3, "type": "int", "order": "little", "divisor": 100}, "85ffff", -1.23, "-1.23"),
        ({"size": 3, "type": "int", "multiplier": 1000}, "ffffff", -1000, "-1000"),
        ({"size": 3, "show": "hex", "order": "little"}, "080220", "0x200208", "0x200208"),
        ({"size": 2, "enumeration": "status", "order": "little"}, "0800", "Faulted", "Faulted"),
        ({"size": 8, "type": "int"}, "ff" * 8, -1, "-1"),
        ({"size": 2, "zero": 2731, "divisor": 10, "unit": "°C"}, "0b9e", 24.3, "24.3 °C"),
        ({"size": 1, "zero": 40, "unit": "°C"}, "0a", -30, "-30 °C"),
        ({"size": 2, "zero": 10000, "multiplier": -1, "divisor": 100}, "2774", -1.0, "-1.00"),
        ({"size": 1, "multiplier": 5, "divisor": 2}, "03", 7.5, "7.50"),
        ({"size": 2, "type": "sign magnitude", "divisor": 100, "unit": "A"}, "8005", -0.05, "-0.05 A"),
        ({"size": 2, "type": "sign magnitude", "order": "little"}, "0580", -5, "-5"),
        ({"size": 2, "type": "sign magnitude", "order": "little", "multiplier": -1}, "0e03", -782, "-782"),
        ({"size": 2, "type": "sign magnitude", "order": "little", "multiplier": -1}, "b186", 1713, "1713"),
        ({"size": 2, "type": "sign magnitude", "multiplier": -1, "divisor": 10}, "0005", -0.5, "-0.5"),
        ({"size": 2, "type": "sign magnitude", "multiplier": -1}, "0000", 0, "0"),
        ({"size": 2, "type": "int", "multiplier": -1, "divisor": 10, "unit": "A"}, "fff6", 1.0, "1.0 A"),
        ({"size": 3, "type": "bcd", "divisor": 100}, "012345", 123.45, "123.45"),
        ({"size": 2, "type": "bcd", "order": "little"}, "3412", 1234, "1234"),
        ({"size": 2, "type": "bcd"}, "121a", "0x121A", "0x121A (no BCD)"),
        ({"size": 6, "type": "utf-8"}, "c3a95c411b00", r"é\\A\x1b", r"é\\A\x1b"),
        ({"size": 4, "type": "utf-8"}, "ff414200", r"\xffAB", r"\xffAB"),
        ({"size": 4, "type": "latin-1", "padding": "spaces"}, "e9412020", "éA", "éA"),
        ({"size": 4, "type": "gbk"}, "bbaabbaa", "华华", "华华"),
        ({"size": 4, "type": "time"}, "66323370", "2024-05-01T12:20:00Z", "2024-05-01T12:20:00Z"),
        ({"size": 4, "type": "time", "order": "little"}, "70333266", "2024-05-01T12:20:00Z", "2024-05-01T12:20:00Z"),
        ({"size": 8, "type": "time"}, "ff" * 8, str(2**64 - 1), str(2**64 - 1)),
        ({"size": 3, "type": "time", "parts": "YMD"}, "180501", "2024-05-01", "2024-05-01"),
        ({"size": 3, "type": "time", "parts": "YMD", "digits": "bcd"}, "240501", "2024-05-01", "2024-05-01"),
        ({"size": 3, "type": "time", "parts": "YMD", "digits": "bcd"}, "24051a", "0x24051a", "0x24051a"),
        ({"size": 4, "type": "time", "parts": "YYMD"}, "07e80501", "2024-05-01", "2024-05-01"),
        ({"size": 3, "type": "time", "parts": "smh"}, "00140c", "12:20:00", "12:20:00"),
        ({"size": 1, "type": "time", "parts": "D"}, "21", "0x21", "0x21"),
        ({"size": 8, "order": "little"}, "ff" * 8, 2**64 - 1, str(2**64 - 1)),
        ({"size": 4, "type": "float", "unit": "V"}, "43663334", 230.20001, "230.20001 V"),
        ({"size": 4, "type": "float", "order": "little"}, "34336643", 230.20001, "230.20001"),
        ({"size": 4, "type": "float", "words": "little"}, "33344366", 230.20001, "230.20001"),
        ({"size": 4, "type": "float", "words": "big"}, "43663334", 230.20001, "230.20001"),
        ({"size": 4, "type": "float", "order": "little", "words": "big"}, "66433433", 230.20001, "230.20001"),
        ({"size": 4, "type": "float", "multiplier": 1000, "unit": "Wh"}, "44a4e49c", 1319144.0, "1319144 Wh"),
        ({"size": 8, "type": "float"}, "400921fb54442d18", 3.141592653589793, "3.141592653589793"),
        ({"size": 8, "type": "float", "words": "little"}, "2d18544421fb4009", 3.141592653589793, "3.141592653589793"),
        ({"size": 4, "type": "float"}, "c1400000", -12.0, "-12"),
        ({"size": 4, "type": "float"}, "80000000", -0.0, "-0"),
        ({"size": 4, "type": "float"}, "4cbebc20", 1e8, "100000000"),
        ({"size": 4, "type": "float"}, "7f7fffff", 3.4028235e38, "3.4028235e+38"),
        ({"size": 4, "type": "float"}, "00000001", 1.4013e-45, "1.4013e-45"),
        ({"size": 4, "type": "float", "unit": "V"}, "7fc00000", "NaN", "NaN"),
        ({"size": 4, "type": "float", "unit": "V"}, "ffc00001", "NaN 0xFFC00001", "NaN 0xFFC00001"),
        ({"size": 4, "type": "float", "unit": "V"}, "7f800000", "Infinity", "Infinity"),
        ({"size": 8, "type": "float", "order": "little"}, "000000000000f0ff", "-Infinity", "-Infinity"),
        ({"size": 4, "words": "little"}, "00020001", 65538, "65538"),
        ({"size": 4, "type": "int", "words": "little", "divisor": 10}, "fffeffff", -0.2, "-0.2"),
        ({"size": 6, "words": "little", "show": "hex"}, "000300020001", "0x000100020003", "0x000100020003"),
    ],
)
def test_a_number_is_read_as_it_is_described(keys: dict[str, Any], raw: str, value: Value, text: str) -> None:
    definition, command = load_command([{"name": "n"} | keys])
    message = Codec(definition).decode(frame(COM_TO_OCPP, 0x77, bytes.fromhex(raw)))
    assert [(field.value, field.text) for field in message.fields] == [(value, text)]
    assert Codec(definition).encode(command, 1, {"n": value})[9:-2].hex() == raw


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("kind", "default"), [("uint", 0xFFF4), ("int", -12)])
def test_a_default_has_the_order_and_sign_of_its_field(order: str, kind: str, default: int) -> None:
    written = "FF F4" if order == "big" else "F4 FF"
    definition, command = load_command([{"name": "n", "size": 2, "type": kind, "order": order, "default": written}])
    assert command.fields[0].default == default
    assert Codec(definition).encode(command, 1)[9:-2].hex(" ").upper() == written
    assert f'default = "{written}"' in format_definition(definition)


def test_a_group_repeats_its_fields_in_order() -> None:
    members: list[dict[str, Any]] = [{"name": "voltage", "size": 2}, {"names": ["a", "b"], "size": 1}]
    _, command = load_command([{"each": ["l1", "l2"], "fields": members}])
    names = ["l1_voltage", "l1_a", "l1_b", "l2_voltage", "l2_a", "l2_b"]
    assert [field.name for field in command.fields] == names
    assert [field.size for field in command.fields] == [2, 1, 1] * 2


def test_a_group_may_hold_bits() -> None:
    bits = {
        "name": "flags",
        "type": "bits",
        "size": 1,
        "bits": [{"name": "hot", "at": 0}, {"name": "low", "at": 1, "width": 7}],
    }
    definition, command = load_command([{"each": ["l1", "l2"], "fields": [{"name": "voltage", "size": 1}, bits]}])
    values = decode(definition, bytes.fromhex("E6 03 E7 04"))
    assert values == {
        "l1_voltage": 230, "l1_flags.hot": 1, "l1_flags.low": 1, "l2_voltage": 231, "l2_flags.hot": 0, "l2_flags.low": 2
    }  # fmt: skip
    assert Codec(definition).encode(command, 1, values)[9:-2].hex() == "e603e704"


def test_the_announcement_is_a_row_of_texts() -> None:
    definition = load(packaged_files())
    command = definition.command("announcement")
    sizes = [25, 20, 25, 20, 50, 20, 20, 25, 25]
    assert [field.size for field in command.fields] == sizes
    values: dict[str, Value] = {field.name: "x" * place for place, field in enumerate(command.fields)}
    sent = Codec(definition).encode(command, 1, values)
    assert sent[5:-2] == b"".join((b"x" * place).ljust(size, b"\0") for place, size in enumerate(sizes))
    assert values_of(Codec(definition).decode(Frame(PWR_TO_COM, None, sent))) == values


@usual
@given(st.integers(-(2**47), 2**47 - 1), st.integers(2, LARGEST_MULTIPLIER), st.sampled_from([10, 100, 1000, 7]))
def test_a_scale_is_undone_exactly(raw: int, multiplier: int, divisor: int) -> None:
    for conversion in (Number(multiplier=multiplier), Number(divisor)):
        assert conversion.raw(conversion.value(raw)) == raw
    assert abs(Number(multiplier=multiplier).value(raw)) < sys.maxsize  # type: ignore[arg-type]
