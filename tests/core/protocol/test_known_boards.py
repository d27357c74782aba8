"""Known boards with real frames: each is found, has its name and direction, and pairs with its answer."""

import pickle
from typing import NamedTuple

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.config.definition_files import load_definition
from sniffer.core.charger.events import Retransmitted, Unanswered
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import list_boards, load, packaged_files
from sniffer.core.protocol.message import Message, framing_fields
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk
from tests.core.protocol.board_frames import BOARDS
from tests.records import records_of


class Line(NamedTuple):
    """One frame as `BOARDS` has it."""

    mark: str
    name: str
    raw: bytes


def lines_of(board: str) -> list[Line]:
    lines = (line.partition(": ") for line in BOARDS[board].strip().splitlines())
    return [Line(start[0], start[2:], bytes.fromhex(text)) for start, _, text in lines]


def run(board: str, data: list[bytes]) -> list[Record]:
    """Return the records of bytes that are read one after the other, 20 ms apart."""
    reads = (Chunk(one, number * 20 * MILLISECOND) for number, one in enumerate(data))
    return records_of(*reads, definition=load_definition([board]))


def items_of(records: list[Record]) -> list[Message | Noise]:
    return [record.item for record in records if isinstance(record.item, Message | Noise)]


def messages(records: list[Record]) -> list[Message]:
    return [record.item for record in records if isinstance(record.item, Message)]


@pytest.mark.parametrize("board", BOARDS)
def test_another_process_frames_and_decodes_alike(board: str) -> None:
    definition = load_definition([board])
    sent = pickle.loads(pickle.dumps(definition))
    assert [entry.link for entry in sent.links.entries] == [entry.link for entry in definition.links.entries]
    data = b"".join(line.raw for line in lines_of(board))
    here, there = (
        [(one.name, one.values) for one in messages(Pipeline(used).feed(Chunk(data)))] for used in (definition, sent)
    )
    assert here
    assert here == there


def test_each_board_has_real_frames() -> None:
    assert [*list_boards()] == sorted(BOARDS)


@pytest.mark.parametrize("board", BOARDS)
def test_every_real_frame_is_found_with_its_name_and_its_answer(board: str) -> None:
    lines = lines_of(board)
    records = run(board, [line.raw for line in lines])
    assert [record.item.name for record in records if isinstance(record.item, Message)] == [one.name for one in lines]
    assert [record.item.frame.raw for record in records if isinstance(record.item, Message)] == [
        one.raw for one in lines
    ]
    answered = [record.refers.number if record.refers else None for record in records]
    assert answered == [number if one.mark == "<" else None for number, one in enumerate(lines)]
    assert not any(isinstance(event, Retransmitted | Unanswered) for record in records for event in record.events)
    assert not any(message.problem for message in messages(records))


@pytest.mark.parametrize("board", BOARDS)
def test_requests_and_answers_go_in_opposite_directions(board: str) -> None:
    lines = lines_of(board)
    found = messages(run(board, [line.raw for line in lines]))
    for line, message, before in zip(lines[1:], found[1:], found, strict=False):
        assert message.direction
        if line.mark == "<":
            assert before.direction
            assert message.direction.split(">") == before.direction.split(">")[::-1]


@pytest.mark.parametrize("board", BOARDS)
def test_every_real_frame_is_found_byte_by_byte_between_noise(board: str) -> None:
    lines = lines_of(board)
    stream = b"\x00" + b"\x00".join(line.raw for line in lines)
    records = run(board, [bytes([byte]) for byte in stream])
    found = [message.frame.raw for message in messages(records)]
    assert found == [line.raw for line in lines]
    pieces = [item.frame.raw if isinstance(item, Message) else item.raw for item in items_of(records)]
    assert b"".join(pieces) == stream


@pytest.mark.parametrize("board", BOARDS)
def test_one_other_bit_makes_noise(board: str) -> None:
    for line in lines_of(board):
        damaged = bytearray(line.raw)
        damaged[-1 if board in ("modbus", "jbd-up", "tuya", "jk") else -3] ^= 0x10
        assert not messages(run(board, [bytes(damaged)]))


@pytest.mark.parametrize("board", BOARDS)
def test_the_printed_definition_loads_again_to_the_same_meaning(board: str) -> None:
    definition = load_definition([board])
    again = load(packaged_files(), [("again.toml", format_definition(definition))])
    assert [one.link for one in again.links.entries] == [one.link for one in definition.links.entries]
    assert [command.name for command in again.commands] == [command.name for command in definition.commands]


def test_an_exception_answers_the_function_that_it_names() -> None:
    """The example of the specification, 7.: reading coil 04A1 of server 0A gives exception 02."""
    request, answer = bytes.fromhex("0A 01 04 A1 00 01 AC 63"), bytes.fromhex("0A 81 02 B0 53")
    records = run("modbus", [request, answer])
    first, second = messages(records)
    assert (first.summary, second.name, second.summary) == (
        "1 from 0x04A1",
        "exception to function 01",
        "illegal data address",
    )
    assert records[1].refers
    assert (records[1].refers.kind, records[1].refers.number) == ("answers", 1)


def test_a_poll_that_repeats_is_no_retransmission() -> None:
    poll = [line.raw for line in lines_of("modbus")[:2]] * 5
    records = run("modbus", poll)
    assert [record.refers is not None for record in records] == [False, True] * 5
    assert not any(isinstance(event, Retransmitted | Unanswered) for record in records for event in record.events)


def test_a_request_without_an_answer_is_reported() -> None:
    request = lines_of("modbus")[0].raw
    definition = load_definition(["modbus"])
    pipeline = Pipeline(definition)
    answered = [line.raw for line in lines_of("modbus")[:2]]
    records = [
        record
        for number, raw in enumerate(answered)
        for record in pipeline.feed(Chunk(raw, number * 20 * MILLISECOND + 1))
    ]
    for second in (1, 4, 8):
        records += pipeline.feed(Chunk(request, second * 1000 * MILLISECOND + 1))
    unanswered = [event for record in records for event in record.events if isinstance(event, Unanswered)]
    assert unanswered[0].name == "read coils"


def test_two_boards_are_framed_on_one_line() -> None:
    pipeline = Pipeline(load_definition(["jbd", "tuya"]))
    stream = b"".join(line.raw for board in ("jbd", "tuya") for line in lines_of(board))
    found = messages([*pipeline.feed(Chunk(stream)), *pipeline.flush()])
    assert [message.frame.link.name for message in found] == ["jbd"] * 16 + ["tuya"] * 8


def run_lines(board: str) -> list[Record]:
    return run(board, [line.raw for line in lines_of(board)])


def message_of(board: str, name: str) -> Message:
    return next(message for message in messages(run_lines(board)) if message.name == name)


def test_values_of_jbd_are_those_that_the_source_states() -> None:
    """syssi/esphome-jbd-bms, tests: frames.h."""
    state = message_of("jbd", "state")
    names = ("voltage", "current", "capacity_left", "capacity", "charge", "cells", "sensors")
    assert [state.value(name) for name in names] == [15.6, 0, 4.98, 5, 100, 4, 3]
    assert [state.value(f"temperatures.{number}") for number in (1, 2, 3)] == [22.4, 22.3, 21.7]
    assert (state.value("switches.charging"), state.value("protection.short_circuit")) == (1, 0)
    assert message_of("jbd", "cell voltages").summary == "3.909 V, 3.901 V, 3.895 V, 3.901 V"
    assert message_of("jbd", "error counts").value("cell_overvoltage") == 122


def test_writes_of_jbd_say_what_they_set() -> None:
    names = ("set switches", "password", "enter factory mode")
    assert [message_of("jbd", name).summary for name in names] == ["switched off: charging", "J1B2D4", "0x5678"]


def test_registers_of_jk_have_the_names_and_values_that_the_source_states() -> None:
    """syssi/esphome-jk-bms, docs: protocol-design-uart-ttl-gps-port.md."""
    first, second = (one for one in messages(run_lines("jk")) if one.name == "all registers")
    assert first.summary.startswith("53.13 V, 94 %; balancing; warnings: none; cells 1 4.092 V; 2 4.047 V; 3 4.093 V;")
    assert first.summary.endswith("; 13 4.093 V")
    assert [first.value(name) for name in ("mosfet_temperature", "cycles", "warnings.low_charge")] == [22, 0, 0]
    settings = {
        str(first.value(f"registers.{number}.register")): first.value(f"registers.{number}.value")
        for number in range(1, 63)
    }
    assert (settings["cell overvoltage protection"], settings["charge overcurrent protection"]) == (4.2, 25)
    assert (settings["charge undertemperature protection"], settings["battery type"]) == (-20, "ternary lithium")
    assert (settings["software version"], settings["sleep delay"]) == ("10.XW_S10.07___", 10)
    found = (second.value("voltage"), second.value("raw_current"), second.value("cells.14.voltage"))
    assert found == (53.59, "0x80D0", 3.826)
    assert (first.value("record"), second.value("end")) == ("00000000", "0x68")


def test_registers_of_jk_are_encoded_to_the_bytes_that_they_were_read_from() -> None:
    codec = Codec(load_definition(["jk"]))
    for message in messages(run_lines("jk")):
        assert message.command
        values = {field.name: field.value for field in message.fields}
        payload = message.frame.payload
        assert payload in codec.encode(message.command, 0, values)


def test_a_register_that_nobody_knows_ends_the_list_and_keeps_its_bytes() -> None:
    raw = bytearray.fromhex("4E 57 00 16 00 00 00 00 03 00 01 83 14 C1 F0 11 22 00 00 00 00 68 00 00")
    raw[3] = len(raw)
    (message,) = messages(run("jk", [bytes(raw + sum(raw).to_bytes(2, "big"))]))
    assert (message.value("registers.1.register"), message.value("registers.1.value")) == ("voltage", 53.13)
    assert "nothing is known of registers.2.register 240" in message.problem
    assert message.fields[-1].text == "11 22 00 00 00 00 68"


def test_values_of_ant_are_those_that_the_source_states() -> None:
    """syssi/esphome-ant-bms, tests: frames_16s_status.h."""
    state = message_of("ant", "state")
    names = (
        "voltage",
        "current",
        "charge",
        "capacity",
        "power",
        "cell_voltages.16",
        "balancer_temperature",
        "lowest_cell",
    )
    assert [state.value(name) for name in names] == [52.84, 0.3, 91, 280, 15, 3.305, 7, 1]
    assert (state.value("capacity_left"), state.value("runtime")) == (252.602325, 36591632)


def test_data_points_of_tuya_are_listed() -> None:
    raw = bytes.fromhex("55 AA 03 07 00 0D 65 04 00 01 02 6B 02 00 04 00 00 00 E5")
    (message,) = messages(run("tuya", [raw + bytes([sum(raw) % 256])]))
    assert message.summary == "101 enum 1 2; 107 value 4 229"
    assert (message.value("points.1.value"), message.value("points.2.value")) == (2, 229)


def test_the_parts_of_a_known_board_are_verified() -> None:
    parts = framing_fields(message_of("jbd", "state").frame)
    assert {part.provenance for part in parts} == {"verified"}
    assert [(part.name, part.start) for part in parts] == [("head", 0), ("command", 1), ("length", 3), ("crc", 33)]


@pytest.mark.parametrize("board", BOARDS)
def test_no_fact_of_a_board_is_called_the_users(board: str) -> None:
    facts = {field.provenance for command in load_definition([board]).commands for field in command.fields}
    assert "user" not in facts
