"""The description of the format beside the packaged files: its examples load, and it names every key and word."""

import re
from importlib import resources
from typing import get_args

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol import enumeration
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import SEQUENCE_WORDS, FieldType
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import board_files, list_boards, load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.parsers import (
    bits_parser,
    command_parser,
    conversion_parser,
    definition_parser,
    field_parser,
    field_subjects,
    layout_parser,
)
from sniffer.core.protocol.phases import PHASES
from sniffer.core.wire import check_parser, checks, link_parser, link_part_parser
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.direction_finder import find_directions
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.link_part_parser import TELLS_KEY
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.text.event_text import describe_event
from tests.core.protocol.helpers import DEFINITION, frame, values_of

README = (resources.files("sniffer") / "docs" / "definition.md").read_text("utf-8")
PROSE = " ".join(README.split())
"""The page without the ends of its lines, which may stand anywhere in a sentence."""

EXAMPLES = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)

SECTIONS = {
    "`[[link]]`": (
        *link_parser.LINK_KEYS,
        *link_part_parser.LENGTH_KEYS,
        *link_part_parser.TURN_KEYS,
        *link_part_parser.DELIMITER_KEYS,
        *link_parser.SIZES_KEYS,
        *check_parser.CHECK_KEYS,
    ),
    "`[enumeration.NAME]`": (*enumeration.ENUMERATION_KEYS, *enumeration.VALUE_KEYS, *enumeration.MOVE_KEYS),
    "`[[transition]]`": definition_parser.TRANSITION_KEYS,
    "`[[pilot]]`": definition_parser.PILOT_KEYS,
    "`[[error]]`": definition_parser.ERROR_KEYS,
    "`[[command]]`": command_parser.COMMAND_KEYS,
    "`[[exchange]]`": definition_parser.EXCHANGE_KEYS,
    "`[[line]]`": definition_parser.LINE_KEYS,
    "Fields": (
        *field_parser.NAME_KEYS,
        *field_parser.FIELD_KEYS,
        *field_parser.GROUP_KEYS,
        *conversion_parser.NUMBER_KEYS,
        *conversion_parser.TEXT_KEYS,
        *conversion_parser.TIME_KEYS,
        *conversion_parser.DECIMAL_KEYS,
        *bits_parser.BITS_KEYS,
        *bits_parser.BIT_KEYS,
        *layout_parser.LIST_KEYS,
        *layout_parser.SWITCH_KEYS,
        *layout_parser.CASE_KEYS,
        conversion_parser.ORDER_KEY,
        field_parser.WORDS_KEY,
        field_parser.UNTIL_KEY,
        field_parser.DEFAULT_KEY,
        TELLS_KEY,
    ),
}


def section(heading):
    return re.split(r"\n###? ", README.partition(f"### {heading}\n")[2])[0]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_described_and_no_other(heading):
    described = re.findall(r"^\| `(\w+)` \|", section(heading), re.MULTILINE)
    keys = SECTIONS[heading]
    assert set(described) <= set(keys)
    assert all(f"`{key}`" in section(heading) for key in keys)


def test_every_word_is_described():
    assert all(f"| `{word}` |" in README for word in Provenance)
    assert set(re.findall(r'"([a-z ]+)"', section("The values of `tells`").partition("With")[0])) == set(
        field_subjects.ROLES
    )


def test_every_type_order_and_sequence_is_described():
    fields = section("Fields")
    assert all(f'`"{word}"`' in fields for word in (*get_args(FieldType), *conversion_parser.ORDERS))
    assert all(f'`"{word}"`' in section("`[[command]]`") for word in SEQUENCE_WORDS)
    assert f"up to {conversion_parser.LARGEST_MULTIPLIER}" in fields
    assert f"up to {conversion_parser.LONGEST_SCALED} bytes" in fields


def test_every_field_that_the_charger_reads_as_a_number_is_described():
    described = section("The values of `tells`")
    phases = {f"{phase}_{name}" for phase in PHASES[1:] for name in ("voltage", "current")}
    for name in {*field_subjects.CODES, *field_subjects.QUANTITIES} - phases:
        assert f"`{name}`" in described
    for role in field_subjects.ROLES_WITH_NUMBERS:
        assert f'"{role}"' in described.partition("With")[2]


def test_the_examples_of_the_guide_decode_their_frames_as_printed():
    for place, name in ((0, "state"), (1, "identity")):
        definition = load(packaged_files(), [("my.toml", EXAMPLES[place])])
        data, summary = re.findall(r"The frame `([0-9A-F ]+)` (?:is the answer|has the summary) `([^`]*)`", PROSE)[
            place
        ]
        (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(data))
        assert isinstance(frame, Frame)
        message = Codec(definition).decode(frame)
        assert f"{message.name}: {message.summary}".removeprefix("identity: ") == summary
        assert message.name == name
        assert Codec(definition).encode(definition.command(name), frame.sequence, values_of(message)) == frame.raw


def test_the_first_example_of_the_guide_tells_states_and_faults_of_a_display():
    definition = load(packaged_files(), [("my.toml", EXAMPLES[0])])
    data, _ = re.findall(r"The frame `([0-9A-F ]+)` is the answer `([^`]*)`", PROSE)[0]
    pipeline = Pipeline(definition)
    (record,) = pipeline.feed(Chunk(bytes.fromhex(data), 0))
    assert [describe_event(event, definition) for event in record.events][:2] == [
        "connector 2: first report → locked",
        "fault raised: Lid open (code 3), connector 2",
    ]


def test_the_index_leads_to_headings_that_are_there():
    headings = {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall("^## (.*)", README, re.M)}
    assert {*re.findall(r"\(#([a-z-]+)\)", README)} <= headings


def test_the_first_example_adds_what_the_document_describes():
    definition = load(packaged_files(), [("my.toml", EXAMPLES[3])])
    assert [row.meaning for row in definition.errors if 7 in row.m4] == ["Relay fault"]
    assert [row.meaning for row in definition.errors if 21 in row.m4] == ["Fan fault"]
    assert definition.statuses.names[9] == "Parked"
    assert {field.name: field.provenance for field in definition.command("fan").fields} == {
        "speed": "user",
        "unknown_2": None,
    }
    assert definition.lines[0].name == "fan"


def test_the_second_example_names_one_byte_and_leaves_the_rest_as_known_as_it_was():
    definition = load(packaged_files(), [("my.toml", EXAMPLES[4])])
    before, after = DEFINITION.command("meter values"), definition.command("meter values")
    assert after.fields[:-2] == before.fields[:-1]
    assert [(field.name, field.provenance) for field in after.fields[-2:]] == [
        ("load", "user"),
        ("unknown_29", None),
    ]
    assert (before.provenance, after.provenance) == ("documented", "documented")
    assert len(EXAMPLES) == 18


def test_the_third_example_is_the_link_of_another_board_with_the_frame_beside_it():
    definition = load(packaged_files(), [("my.toml", EXAMPLES[5])])
    (text,) = re.findall(r"is `([0-9A-F ]+)`: eight bytes", PROSE)
    printed = bytes.fromhex(text)
    assert Codec(definition).encode(definition.command("key"), 1, {"key": 7}) == printed
    (frame,) = Framer(definition.links.routes_in_bytes).feed(printed)
    assert isinstance(frame, Frame)
    assert (frame.route.direction, frame.sequence, frame.command) == ("display>cpu", 1, 0x10)


@pytest.mark.parametrize(("place", "name", "code"), [(0, "battery", 0x41), (1, "cells", 0x42)])
def test_examples_of_field_types_are_shown_as_printed(place, name, code):
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if f'name = "{name}"' in one))])
    payload, summary = re.findall(r"The payload `([0-9A-F ]+)` has the summary `([^`]*)`", PROSE)[place]
    message = Codec(definition).decode(frame(PWR_TO_COM, code, bytes.fromhex(payload)))
    assert message.summary == summary
    assert Codec(definition).encode(definition.command(name), 0x0102, values_of(message)) == message.frame.raw


def test_the_fourth_example_is_a_link_whose_direction_shows_in_sizes_and_turns():
    links = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if "valve" in one))]).links
    finder, framer = find_directions(links), Framer(links.routes_in_bytes)
    assert finder
    bodies = ("C3 07 01", "C3 07 01 02 11 22 33 44", "C3 07 02 00 01", "C3 07 02 00 01")
    raws = [body + crc16(body).to_bytes(2, "little") for body in map(bytes.fromhex, bodies)]
    frames = [finder.resolve(item, 0) for item in framer.feed(b"".join(raws)) if isinstance(item, Frame)]
    assert [frame.raw for frame in frames] == raws
    assert [frame.direction for frame in frames] == ["master>valve", "valve>master"] * 2


def test_the_frame_beside_the_link_with_a_delimiter_is_one():
    definition = load(packaged_files(), [("my.toml", EXAMPLES[6])])
    (text,) = re.findall(r"with 192 kW is `([0-9A-F ]+)`", PROSE)
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(text))
    assert isinstance(frame, Frame)
    assert Codec(definition).decode(frame).summary == "192 kW"


def test_the_example_of_a_check_after_the_end_is_the_frame_beside_it():
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if "behind" in one))])
    (text,) = re.findall(r"with 12.5 kg is `([0-9A-F ]+)`", PROSE)
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(text))
    assert isinstance(frame, Frame)
    assert Codec(definition).decode(frame).summary == "12.5 kg"


def test_a_board_may_be_given_the_registers_of_a_meter():
    definition = load(packaged_files() | board_files(["modbus"]), [("my.toml", EXAMPLES[2])])
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex("01 04 06 08 F6 00 00 3E 80 B8 0E"))
    assert isinstance(frame, Frame)
    assert Codec(definition).decode(frame).summary == "229.4 V, 16.000 A"


def test_the_answer_of_the_meter_with_an_added_number_is_as_printed():
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if "added" in one))])
    ((data, energy),) = re.findall(r"answer `([0-9A-F ]+)` is (\d+ Wh)", PROSE)
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(data))
    assert isinstance(frame, Frame)
    assert Codec(definition).decode(frame).summary == energy


def test_the_frame_of_digits_means_what_is_printed():
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if '"pack"' in one))])
    ((text, data, pack),) = re.findall(
        r"`(~\w+)` and [^`]* in bytes `([0-9A-F ]+)`, reads the values of (pack \d)", PROSE
    )
    assert bytes.fromhex(data) == text.encode() + b"\r"
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(data))
    assert isinstance(frame, Frame)
    message = Codec(definition).decode(frame)
    assert f"{message.name} {message.summary}" == f"read values of {pack}"


def test_the_floats_of_a_meter_are_shown_as_printed():
    example = next(one for one in EXAMPLES if "float" in one)
    definition = load(packaged_files() | board_files(["modbus"]), [("my.toml", example)])
    ((data, summary),) = re.findall(r"The frame `([0-9A-F ]+)`, from [^`]* has the summary `([^`]*)`", PROSE)
    (frame,) = Framer(definition.links.routes_in_bytes).feed(bytes.fromhex(data))
    assert isinstance(frame, Frame)
    message = Codec(definition).decode(frame)
    assert message.summary == summary
    assert message.value("voltage") == 230.20001


@pytest.mark.parametrize(
    ("place", "link", "measured"),
    [(-3, "inverter", [("voltage", 232.9)]), (-2, "solar", [("voltage", 13.79), ("current", -0.01)]), (-1, "rapi", [])],
)
def test_the_examples_in_text_are_shown_as_printed(place, link, measured):
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if f'"{link}"' in one))])
    data, summary = re.findall(r"The frame `([0-9A-F ]+)` has the summary `([^`]*)`", PROSE)[place]
    pipeline = Pipeline(definition)
    (record,) = [one for one in pipeline.feed(Chunk(bytes.fromhex(data), 0)) if isinstance(one.item, Message)]
    assert isinstance(record.item, Message)
    assert record.item.summary == summary
    assert Codec(definition).decode(Frame(record.item.route, 0, record.item.frame.raw)) == record.item
    assert [(one.name, one.value) for one in pipeline.snapshot().measurements.values] == measured


def test_the_known_boards_are_described():
    assert re.findall(
        r"^\| `([a-z-]+)` \|", README.partition("## Known boards")[2].partition("\n## ")[0], re.MULTILINE
    ) == [*list_boards()]


def test_the_example_of_another_board_raises_the_fault_as_printed():
    definition = load(packaged_files(), [("my.toml", next(one for one in EXAMPLES if "heater" in one))])
    ((data, fault, state),) = re.findall(
        r"`([0-9A-F ]+)` of it raises the fault `([^`]*)` and moves [^`]* to `([^`]*)`", PROSE
    )
    pipeline = Pipeline(definition)
    (record,) = pipeline.feed(Chunk(bytes.fromhex(data), 0))
    snapshot = pipeline.snapshot()
    assert [describe_event(event, definition) for event in record.events][:3] == [
        "link: ALIVE: board>panel is heard, the only direction",
        f"connector 1: first report → {state}",
        f"fault raised: {fault} (code 5), connector 1",
    ]
    assert [(one.name, one.value) for one in snapshot.measurements.values] == [
        ("l1_voltage", 230.5),
        ("board_temperature", 91.2),
    ]


def test_what_a_field_may_tell_is_described():
    described = section("States, faults and measured values of your own board")
    phases = {f"{phase}_{name}" for phase in PHASES[1:] for name in ("voltage", "current")}
    assert all(f'`"{word}"`' in described for word in {*field_subjects.FIELD_TELLS} - phases)
    assert all(f'"{unit}"' in described for unit in field_subjects.UNITS.values())


def test_the_checks_are_described():
    described = section("`[[link]]`")
    assert all(f'`"{name}"`' in described for name in (*checks.SUMS, checks.NO_CHECK))
    known = {*checks.list_crcs(), *check_parser.ALIASES}
    assert all(name in known for name in re.findall(r"`(CRC-[\w/-]+)`", described))
