"""The captures that come with the tool are those that can be made again, and show what their README promises."""

import pytest

from sniffer.core.charger.events import FaultCleared, FaultRaised, StatusChanged, Unanswered
from sniffer.core.charger.startup.registration_events import BootLoop, RegistrationChanged, Restarted
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Note
from sniffer.formats.charger_log import parse_line
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.packet import Packet
from sniffer.formats.pcapng.reader import CaptureReader
from tests.sample_sessions import CUT, FOLDER, LOGS, SESSIONS


def packets(data: bytes) -> list[Packet]:
    return [*CaptureReader().feed(data)]


def session(name: str) -> tuple[list[Record], list[Note]]:
    pipeline, records, notes = Pipeline(packaged_definition()), [], []
    for item in items_of(CaptureReader().feed((FOLDER / name).read_bytes())):
        if isinstance(item, Note):
            notes.append(item)
        else:
            records += pipeline.feed(item)
    return records, notes


def events(name: str) -> list[type[object]]:
    return [type(event) for record in session(name)[0] for event in record.events]


@pytest.mark.parametrize("name", SESSIONS)
def test_it_can_be_made_again(name: str) -> None:
    assert packets((FOLDER / name).read_bytes()) == packets(SESSIONS[name]())


@pytest.mark.parametrize("name", LOGS)
def test_a_log_can_be_made_again(name: str) -> None:
    assert (FOLDER / name).read_bytes() == LOGS[name]()


@pytest.mark.parametrize("path", [*FOLDER.glob("*.pcapng"), *FOLDER.glob("*.log")], ids=lambda path: path.name)
def test_the_readme_and_the_index_tell_of_it(path) -> None:
    assert f"`{path.name}`" in (FOLDER / "README.md").read_text()
    assert f'"{path.name}"' in (FOLDER / "samples.toml").read_text()


def test_a_charge_is_whole_and_clean() -> None:
    records, _ = session("charging.pcapng")
    moves = [event.after for record in records for event in record.events if isinstance(event, StatusChanged)]
    assert moves == ["Available", "Preparing", "Charging", "Finishing", "Available"]
    assert not any(isinstance(record.item, Noise) for record in records)


def test_the_mains_sag_and_come_back() -> None:
    found = events("mains-sag.pcapng")
    assert found.count(FaultRaised) == found.count(FaultCleared) == 1
    assert len(session("mains-sag.pcapng")[1]) == 3


def test_pending_is_never_accepted() -> None:
    found = [event for record in session("pending.pcapng")[0] for event in record.events]
    states = [event.state for event in found if isinstance(event, RegistrationChanged)]
    assert states == ["pending"]
    assert not any(isinstance(event, Restarted) for event in found)


def test_three_restarts_are_a_boot_loop() -> None:
    found = events("restarts.pcapng")
    assert (found.count(Restarted), found.count(BootLoop)) == (3, 1)


def test_the_registration_log_tells_of_calls_and_of_acceptance() -> None:
    lines = (FOLDER / "registration.log").read_text("utf-8")
    for call in ("BootNotification", "ChangeAvailability", "StatusNotification", "MeterValues"):
        assert f'"{call}"' in lines
    assert '"status":"Accepted","currentTime"' in lines
    pipeline = Pipeline(packaged_definition())
    for line in lines.splitlines():
        pipeline.feed(parse_line(line))
    registration = pipeline.snapshot().registration
    assert registration is not None
    assert (registration.state, registration.announcements) == ("accepted", 2)


def test_the_bad_line_loses_answers() -> None:
    assert Unanswered in events("bad-line.pcapng")
    assert any(isinstance(record.item, Noise) for record in session("bad-line.pcapng")[0])


def test_the_pulled_cable_is_a_gap() -> None:
    assert events("pulled-cable.pcapng").count(SourceLost) == 1


def test_one_side_never_speaks() -> None:
    items = [record.item for record in session("one-side.pcapng")[0]]
    assert {item.frame.direction if isinstance(item, Message) else item for item in items} == {"com>pwr"}


def test_the_capture_that_was_cut_off_is_the_charge_up_to_there() -> None:
    whole = (FOLDER / "charging.pcapng").read_bytes()
    assert (FOLDER / "cut-off.pcapng").read_bytes() == whole[:-CUT]
    assert session("cut-off.pcapng")[0] == session("charging.pcapng")[0][:-1]
