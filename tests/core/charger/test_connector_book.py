"""The connector book: the availability of connectors, and reports that a log prints after their relay."""

from sniffer.core.charger.connector_book import CONNECTORS_KEPT
from sniffer.core.charger.events import Disagreed, FaultRaised, StatusChanged
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.text.event_text import describe_event
from tests.core.charger.helpers import Bench


def test_a_change_of_availability_holds_once_it_was_answered() -> None:
    bench = Bench()
    bench.say("ChangeAvailability", 0x96DC, connector=1, availability="Inoperative")
    assert bench.now.availability == ()
    bench.say("ChangeAvailability answer", 0x96DC, connector=1, availability="Inoperative")
    bench.say("ChangeAvailability answer", 0x96DD, connector=0, availability="Operative")
    assert bench.now.availability == ((0, "Operative"), (1, "Inoperative"))
    bench.say("ChangeAvailability answer", 0x96DE, connector=1, availability="Operative")
    assert bench.now.availability == ((0, "Operative"), (1, "Operative"))


def test_connectors_kept_are_bounded() -> None:
    bench = Bench()
    for connector in range(CONNECTORS_KEPT):
        bench.report("Available", connector=connector % 256)
        bench.say("ChangeAvailability answer", 1 + connector, connector=connector % 256, availability="Operative")
    assert len(bench.now.connectors) == len(bench.now.availability) == CONNECTORS_KEPT


def test_a_report_that_a_log_prints_after_its_relay_completes_the_fault() -> None:
    bench = Bench()
    relayed = bench.notify("Faulted", "UnderVoltage", vendor=0x200208, sequence=0x61D9)
    assert [type(event) for event in relayed] == [StatusChanged, FaultRaised]
    assert bench.report("Faulted", "UnderVoltage", m4=4, sequence=0x61D9) == []
    assert (bench.fault.codes.m4, bench.fault.codes.vendor, bench.fault.diagnosis.agree) == (4, 0x200208, True)
    assert len(bench.connector.path) == 1


def test_a_report_that_differs_from_its_earlier_relay_disagrees() -> None:
    bench = Bench()
    bench.notify("Charging", sequence=0x61D9)
    (found,) = (event for event in bench.report("Preparing", sequence=0x61D9) if isinstance(event, Disagreed))
    assert (found.field, found.reported, found.relayed, found.report.number) == ("status", 1, 2, 2)


HEATER = """
[[link]]
name = "heater"
heads = { "board>panel" = "5A" }
length = { at = 1, size = 1, adds = 3 }
payload = 2
check = { name = "xor" }

[enumeration.run_state]
label = "run state"
values = [{ number = 0, name = "Idle" }, { number = 1, name = "Heating" }, { number = 2, name = "Faulted" }]
MOVES

[[error]]
vendor = 5
meaning = "Too hot"
about = "Above 90 degrees."
measure = "The sensor."
severity = "warning"

[[command]]
direction = "board>panel"
code = 0
name = "state"
summary = "{run}"
fields = [
    { name = "run", size = 1, enumeration = "run_state", tells = "status" },
    { name = "alarm", size = 1, tells = "vendor_error" },
    { name = "outlet", size = 1, unit = "°C", tells = "temperature" },
]

[[command]]
direction = "board>panel"
code = 0
name = "alarm"
summary = "{alarm}"
fields = [{ name = "zone", size = 1, tells = "connector" }, { name = "alarm", size = 1, tells = "vendor_error" }]
"""
MOVES = 'moves = [{ from = "Idle", to = ["Heating"], name = "start" }, { from = "Heating", to = ["Idle"] }]'


def read_heater(*payloads: bytes, moves: str = MOVES) -> tuple[list[str], Snapshot]:
    """Return what the frames of a board of another maker report, and its state then."""
    definition = load(packaged_files(), [("my.toml", HEATER.replace("MOVES", moves))])
    again = load(packaged_files(), [("written.toml", format_definition(definition))])
    assert (again.enumerations, again.errors) == (definition.enumerations, definition.errors)
    assert [one.fields for one in again.commands] == [one.fields for one in definition.commands]
    (route,) = definition.links.routes_in_bytes
    pipeline = Pipeline(definition)
    records = [record for one in payloads for record in pipeline.feed(Chunk(route.link.build(route.head, 0, 0, one)))]
    return [describe_event(event, definition) for record in records for event in record.events], pipeline.snapshot()


def test_a_field_of_another_board_tells_its_state_by_its_own_state_machine() -> None:
    texts, snapshot = read_heater(b"\0\0\x14", b"\1\0\x14", b"\1\0\x14", b"\0\0\x14", b"\2\0\x14")
    assert texts == [
        "connector 1: first report → Idle",
        "connector 1: Idle → Heating  (start)",
        "connector 1: Heating → Idle",
        "connector 1: Idle → Faulted  (not a move that the definition allows)",
        "fault raised: unknown fault (no code), connector 1",
    ]
    assert [(one.name, one.value) for one in snapshot.measurements.values] == [("temperature", 20)]
    assert [one.reports for one in snapshot.connectors] == [5]


def test_without_moves_none_is_flagged() -> None:
    texts, _ = read_heater(b"\0\0\x14", b"\1\0\x14", moves="")
    assert texts == ["connector 1: first report → Idle", "connector 1: Idle → Heating"]


def test_a_field_of_another_board_tells_a_fault_until_its_code_is_0() -> None:
    texts, snapshot = read_heater(b"\0\5\x14", b"\0\0\x14")
    assert texts == [
        "connector 1: first report → Idle",
        "fault raised: Too hot (code 5), connector 1",
        "fault cleared: Too hot (code 5), connector 1",
    ]
    (past,) = snapshot.past_faults
    (row,) = past.diagnosis.rows
    assert (row.about, row.measure, row.severity) == ("Above 90 degrees.", "The sensor.", "warning")


def test_a_report_without_a_state_tells_a_fault_as_well() -> None:
    texts, snapshot = read_heater(b"\2\5", b"\3\0", b"\2\0")
    assert texts == [
        "fault raised: Too hot (code 5), connector 2",
        "fault cleared: Too hot (code 5), connector 2",
    ]
    assert snapshot.connectors == ()


def test_a_definition_knows_whether_its_fields_tell_states_and_faults() -> None:
    own = load(packaged_files(), [("my.toml", HEATER.replace("MOVES", MOVES))])
    mute = load(packaged_files(), [("my.toml", HEATER.partition("[enumeration")[0])])
    packaged = load(packaged_files())
    assert own.states is not None
    assert (own.states.label, own.tells_faults) == ("run state", True)
    assert (mute.states, mute.tells_faults) == (None, False)
    assert (packaged.states, packaged.tells_faults) == (packaged.statuses, True)
