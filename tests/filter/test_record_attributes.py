"""The attributes of records: of noise, of payloads that do not fit, of times and references, and of events."""

from datetime import UTC
from typing import get_args

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import EVENT_NAMES, Event
from sniffer.core.protocol.loader import board_files, load, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.filter.completion import complete
from sniffer.filter.record_attributes import ALIASES, record_attributes
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import CODEC, DEFINITION, frame
from tests.dialogue import CHANGE, CHANGED, CUT, FAILED, NOTIFICATION, dialogue_records
from tests.filter.helpers import VOCABULARY, find_error, lines, numbers, records
from tests.known_frames import STATUS_REPORT


def report(status: str) -> bytes:
    """Return a status report of a connector without a fault."""
    values: dict[str, int | float | str] = {
        "connector": 1,
        "status": status,
        "ocpp_error": "NoError",
        "m4_error": 0,
        "cp_voltage": 12,
    }
    return CODEC.encode(DEFINITION.command("status report"), 1, values)


@pytest.mark.parametrize(
    ("text", "found"), [("address 01", [1, 2]), ("address == 0x1", [1, 2]), ("address > 1", []), ("address", [1, 2])]
)
def test_the_address_of_a_link_that_has_one(text: str, found: list[int]) -> None:
    definition = load(packaged_files() | board_files(["modbus"]))
    data = bytes.fromhex("01 03 00 00 00 01 84 0A 01 03 02 00 05 78 47 55")
    session = records(Chunk(data, 0), definition=definition)
    assert numbers(text, session, Vocabulary(definition, lambda: UTC)) == found
    assert "address" not in VOCABULARY.names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noise", [1, 3, 4]),
        ("noise crc", [3]),
        ("noise != crc", [1, 4]),
        ("crc bad", [3]),
        ("crc good", [2]),
        ("crc", [2, 3]),
        ("frame", [2]),
        ("not frame", [1, 3, 4, 5]),
        ("raw == 0102", [1]),
        ("size 2", [1, 4]),
        ("event source_lost", [5]),
        ("unplugged", [5]),
        ("time", []),
        ("delta", []),
        ("line", []),
    ],
)
def test_noise_is_found_by_its_reason_and_its_bytes(text: str, found: list[int]) -> None:
    damaged = STATUS_REPORT.raw[:-1] + b"\0"
    session = records(Chunk(b"\x01\x02" + STATUS_REPORT.raw + damaged + STATUS_REPORT.raw[:2]))
    assert numbers(text, session) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("status", [1]),
        ("ocpp_error", []),
        ("problem", [1, 2]),
        ('problem ~ "without ocpp_error"', [1]),
        ("undefined", [2, 3]),
        ("undefined == 0506", [2]),
        ("command 77", [3]),
        ('name == "command 77 (unknown)"', [3]),
        ("command ~ 7", [3]),
        ("command > 32 and not event", [3]),
        ("name ~ unknown", [3]),
        ("payload == 0102030405", [3]),
        ('payload ""', []),
    ],
)
def test_attributes_of_payloads_that_do_not_fit_the_definition(text: str, found: list[int]) -> None:
    short = frame(PWR_TO_COM, 0x01, b"\x01\x00")
    long = frame(COM_TO_PWR, 0x2C, b"\x01\x02\x03\x04\x05\x06")
    unknown = frame(PWR_TO_COM, 0x77, b"\x01\x02\x03\x04\x05")
    assert numbers(text, records(Chunk(short.raw + long.raw + unknown.raw))[:-1]) == found


def test_the_time_since_the_record_before_and_since_the_request() -> None:
    answer = CODEC.encode(DEFINITION.command("status answer"), 1, {"connector": 1})
    session = records(
        Chunk(report("Available"), SECOND), Chunk(answer, SECOND + 250_000_000), Chunk(b"\x01", 5 * SECOND)
    )
    assert numbers("latency == 0.25", session) == numbers("latency > 0.2 and latency < 0.3", session) == [2]
    assert numbers("delta == 0.25", session) == [2]
    assert numbers("delta > 3", session) == [3]


def test_a_record_with_several_events_has_each_of_them() -> None:
    assert lines("event == status and event == fault_raised") == [717]
    assert lines("event != status") == [706, 708]
    assert lines("event != boot_loop") == [706, 708, 717]


def test_every_event_has_a_name() -> None:
    assert set(EVENT_NAMES) == set(get_args(Event))


def test_an_alias_is_the_same_attribute() -> None:
    attributes = record_attributes(DEFINITION, lambda: None)
    for alias, name in ALIASES.items():
        assert attributes[alias] is attributes[name]
    assert all(attribute.name == name for name, attribute in attributes.items() if name not in ALIASES)


@pytest.mark.parametrize(
    ("name", "is_allowed"), [("command 78 (unknown)", True), ("command 78", False), ("frame (unknown)", False)]
)
def test_the_name_of_an_unknown_command_is_allowed(name: str, is_allowed: bool) -> None:
    assert (find_error(f'name == "{name}"') is None) is is_allowed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ocpp", [5, CHANGE, CHANGED, NOTIFICATION, FAILED, 13, CUT]),
        ("kind == ocpp", [5, CHANGE, CHANGED, NOTIFICATION, FAILED, 13, CUT]),
        ("type ocpp", [5, CHANGE, CHANGED, NOTIFICATION, FAILED, 13, CUT]),
        ("kind == text", [1, 2, 3, 4]),
        ("ocpp.action == ChangeAvailability", [CHANGE, CHANGED]),
        ("ocpp.action ~ notification", [NOTIFICATION, FAILED]),
        ("ocpp.action != ChangeAvailability", [NOTIFICATION, FAILED, 13, CUT]),
        ("ocpp.call == error", [FAILED]),
        ("ocpp.call result and not ocpp.action", [5]),
        ("ocpp.id MSG007", [13, CUT]),
        ("ocpp ocpp>csms", [5, CHANGED, NOTIFICATION, CUT]),
        ("answers == 6", [CHANGED]),
        ("relays", [CHANGE + 1, CHANGE + 2, NOTIFICATION]),
        ("text ~ Charging", [NOTIFICATION]),
        ("text and not ocpp", [1, 2, 3, 4]),
        ("process comproc", []),
        ("event == ocpp_error", [FAILED]),
        ("event == clock", [NOTIFICATION]),
    ],
)
def test_ocpp_messages_are_found_by_their_parts(text: str, found: list[int]) -> None:
    assert numbers(text, dialogue_records()) == found


def test_the_actions_of_ocpp_are_offered() -> None:
    assert [found.text for found in complete("ocpp.action == Heart", 20, VOCABULARY)] == ["Heartbeat"]
    assert "ocpp.action" in [found.text for found in complete("ocpp", 4, VOCABULARY)]
