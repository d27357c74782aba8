"""Hostile definitions and bytes: all is taken as data, and Lua raises no error."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from tests.commands.wireshark.helpers import Dissection, assert_shown_alike
from tests.core.protocol.helpers import frame, frames_of, user_files
from tests.core.wire.helpers import DAMAGE, FRAMES
from tests.filter.helpers import records
from tests.thoroughness import repetitions

HOSTILE = r"""
[enumeration.mine]
label = "%s\"]] or os.exit(7) --"
values = [
    { number = 1, name = "\"); os.exit(7) --" },
    { number = 4294967295, name = "]==] %n %s" },
    { number = 0, name = "nil", provenance = "assumed" },
]

[[error]]
vendor = 0x100240
meaning = "fan\" .. os.exit(7) .. \""
m4 = 0xFFFFFFFF

[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x40
name = "a\\\"]] }}; os.exit(7) -- größer %d"
about = "%n"
summary = "%s {end} \\ {größe}{nil}, {raw} {crc}%{name}"
fields = [
    { name = "end", size = 1, enumeration = "mine", provenance = "inferred" },
    { name = "größe", size = 3, divisor = 7, unit = "%n°\"" },
    { name = "nil", size = 8, enumeration = "mine" },
    { name = "raw", size = 8 },
    { name = "crc", size = 2, unit = "%s%n" },
    { name = "name", size = 5, show = "hex", about = "\\" },
    { name = "text", size = "to zero", type = "ascii" },
    { name = "left", size = "rest", type = "unknown" },
]

[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x40
name = "other types"
summary = ""
fields = [
    { name = "end", size = 2, type = "ascii" },
    { name = "größe", size = 6, divisor = 1000 },
    { name = "raw", size = 1 },
    { name = "crc", size = 1, type = "unknown" },
    { name = "left", size = 6, unit = "V" },
    { name = "vendor_error", size = 3 },
    { name = "m4_error", size = 4 },
]

[[command]]
link = "dbus"
direction = "ocpp>com"
code = 0x41
name = "every kind of number"
summary = "{l1_s3} {l2_m6} {h3} {n2} {d4} {u8} {s8}"
fields = [
    { each = ["l1", "l2"], fields = [
        { name = "s3", size = 3, type = "int", order = "little", unit = "V" },
        { name = "m6", size = 6, type = "int", order = "little", multiplier = 1000 },
    ] },
    { name = "h3", size = 3, show = "hex", order = "little" },
    { name = "n2", size = 2, enumeration = "mine", order = "little" },
    { name = "d4", size = 4, type = "int", divisor = 100, unit = "A", order = "little" },
    { names = ["m5", "big_m6"], size = 6, multiplier = 10, unit = "Wh" },
    { name = "u8", size = 8, order = "little" },
    { name = "s8", size = 8, type = "int" },
    { name = "s1", size = 1, type = "int", unit = "°C" },
    { name = "name", size = 2, type = "int" },
]

[[command]]
link = "dbus"
direction = "com>ocpp"
code = 0x40
name = "short"
summary = "{left}"
fields = [{ name = "left", size = 2, unit = "V" }]

[[command]]
link = "dbus"
direction = "com>ocpp"
code = 0x40
name = "long"
summary = "{left}"
fields = [{ name = "left", size = "rest", type = "ascii" }]
"""
DEFINITION = load(packaged_files(), [("hostile.toml", HOSTILE)])
PAYLOADS = [bytes(50), b"\xff" * 50, bytes(range(50)), b"\1\0\0\7" + bytes(7) + b"\1" + b'%s\\"\n]]\x1b\x80' * 4]
FRAMES_OF_MINE = [
    frame(route, 0x40, payload[:size]).raw
    for route in (COM_TO_PWR, PWR_TO_COM, COM_TO_OCPP)
    for payload in PAYLOADS
    for size in (0, 1, 2, 12, 23, 27, 28, 32, 50)
]

EVERY_NUMBER = [
    frame(OCPP_TO_COM, 0x41, payload).raw
    for payload in (bytes(58), b"\xff" * 58, b"\x80" + bytes(57), bytes(range(1, 59)), bytes(range(255, 197, -1)))
]

SLOW = settings(
    # Each example starts tshark twice: a smaller one would take minutes to find.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=repetitions(4, 12),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def session(definition, stream):
    return records(Chunk(stream, 0), definition=definition)


def test_names_that_look_like_lua_are_names(tmp_path):
    assert_shown_alike(Dissection(tmp_path, DEFINITION), session(DEFINITION, b"".join(FRAMES_OF_MINE)))


def test_every_kind_of_number_is_shown_as_we_show_it(tmp_path):
    assert DEFINITION.command("every kind of number").size == 58
    assert_shown_alike(Dissection(tmp_path, DEFINITION), session(DEFINITION, b"".join(EVERY_NUMBER)))


def test_a_multiplied_number_is_compared_with_its_value(tmp_path):
    dissection = Dissection(tmp_path, DEFINITION).put(session(DEFINITION, b"".join(EVERY_NUMBER)))
    assert dissection.numbers("evse.m5 == 2814749767106550") == [2]
    assert dissection.numbers("evse.l2_m6 == -1000 && evse.s1 < 0") == [2]
    assert dissection.numbers("evse.s8 == -1 || evse.u8 == 18446744073709551615") == [2]


def test_fields_of_one_name_and_different_types_are_filtered_apart(tmp_path):
    dissection = Dissection(tmp_path, DEFINITION).put(session(DEFINITION, b"".join(FRAMES_OF_MINE)))
    assert dissection.numbers("evse.field.raw > 18446744073709551614")
    assert dissection.numbers('evse.end.text == "\\\\xff\\\\xff" && evse.vendor_error == 0xffffff')
    assert dissection.numbers("evse.gr_xf6__xdf_e < 1 && evse.field.crc == 0")


@pytest.mark.slow
@SLOW
@given(stream=st.lists(FRAMES | DAMAGE, min_size=10, max_size=60).map(b"".join))
def test_any_bytes_are_shown_as_we_show_them(tmp_path_factory, stream):
    definition = load(packaged_files())
    assert_shown_alike(Dissection(tmp_path_factory.mktemp("dissection"), definition), session(definition, stream))


@pytest.mark.slow
@SLOW
@given(text=user_files())
def test_a_definition_of_a_user_is_shown_as_we_show_it(tmp_path_factory, text):
    try:
        definition = load(packaged_files(), [("my.toml", text)])
    except DefinitionError:
        return
    stream = b"".join(found.raw for command in definition.commands for found in frames_of(command))
    assert_shown_alike(Dissection(tmp_path_factory.mktemp("dissection"), definition), session(definition, stream))


@SLOW
@given(
    packets=st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 255), st.binary() | DAMAGE | st.lists(FRAMES, max_size=3).map(b"".join)
        ),
        max_size=50,
    )
)
def test_no_packet_makes_lua_fail(tmp_path_factory, packets):
    dissection = Dissection(tmp_path_factory.mktemp("dissection")).put_packets(packets)
    trees = dissection.trees()
    for (_, _, raw), found in zip(packets, trees, strict=True):
        assert "".join(value.replace(":", "") for key, value in found if key == "evse.raw") == raw.hex()
