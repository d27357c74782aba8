"""The status of each sample, each scenario, and each state of a link: the words and the exit status."""

import asyncio
import json
from collections.abc import Iterable

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.commands.status import format_status, read_status
from sniffer.core.charger.health.link_health import Health, assess_link
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk, Idle, LineError, LineErrorMark, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.formats.jsonl.status_object import SessionStatus, build_status_object
from sniffer.session import Session
from sniffer.sources.open import open_source, pipeline_for
from sniffer.sources.source import Take
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import DEFINITION
from tests.paths import CAPTURES
from tests.sample_sessions import played
from tests.tui.helpers import status_report

METER_LINE = (
    "connId:1,connectorType:1,meterval:223710,AC_voltage_A:240.1,AC_current_A:12.00,MaxPowerOffered:0,temperature:45,soc:0,"
    "AC_Power:2881"
)
AT = 1_700_000_000 * SECOND
COM = PWRBOARD.build(COM_TO_PWR.head, 0x1234, 0x77, bytes(4))
PWR = PWRBOARD.build(PWR_TO_COM.head, 0x1234, 0x77, bytes(4))
MISFRAMED = tuple(LineErrorMark(at, LineError.FRAMING) for at in range(0, 32, 2))

SAMPLES = {
    "bad-line.pcapng": ("ALIVE · connector 1 Finishing · no active fault", 0),
    "charging.pcapng": ("ALIVE · connector 1 Available · no active fault", 0),
    "cut-off.pcapng": ("ALIVE · connector 1 Available · no active fault", 0),
    "mains-sag.pcapng": ("ALIVE · connector 1 Finishing · no active fault, 1 earlier", 0),
    "one-side.pcapng": ("ONE SIDE ONLY (com>pwr for 29 s) · state unknown · faults unknown", 5),
    "pending.pcapng": ("ALIVE · connector 1 Available · no active fault", 0),
    "pulled-cable.pcapng": ("ALIVE · connector 1 Finishing · no active fault", 0),
    "restarts.pcapng": ("ALIVE · connector 1 Available · no active fault", 0),
    "registration.log": ("ALIVE · connector 1 Finishing · no active fault", 0),
    "starcharge-idle.log": ("ALIVE · connector 1 Preparing · no active fault", 0),
    "undervoltage.log": ("ALIVE · connector 1 Faulted · fault: Under voltage", 4),
}

SCENARIOS = {
    "charging": ("ALIVE · connector 1 Charging · no active fault", 0),
    "undervoltage": ("ALIVE · connector 1 Faulted · fault: Under voltage", 4),
    "pending": ("ALIVE · connector 1 Available · no active fault", 0),
    "restarts": ("ALIVE · connector 1 Available · no active fault", 0),
    "noisy": ("ALIVE · connector 1 Charging · no active fault", 0),
}


def at(seconds: float) -> int:
    return AT + round(seconds * SECOND)


LINKS: dict[Health, tuple[Iterable[SourceItem], str, int]] = {
    Health.ALIVE: ([Chunk(COM + PWR, at(0))], "ALIVE · state unknown · faults unknown", 0),
    Health.ONE_SIDE: (
        [Chunk(PWR, at(0)), Chunk(PWR, at(7))],
        "ONE SIDE ONLY (pwr>com for 9 s) · state unknown · faults unknown",
        5,
    ),
    Health.SILENT: (
        [Chunk(COM + PWR, at(-3)), Idle(at(8))],
        "SILENT 12 s (nothing arrives any more) · state unknown · faults unknown",
        5,
    ),
    Health.NOISE_ONLY: (
        [Chunk(bytes(range(1, 9)), at(5))],
        "NOISE ONLY (no valid frame was received) · state unknown · faults unknown",
        5,
    ),
    Health.WRONG_RATE: (
        [Chunk(bytes(range(1, 33)), at(5), MISFRAMED)],
        "WRONG RATE? (no valid frame was received, and 16 of 32 bytes have a framing error)"
        " · state unknown · faults unknown",
        5,
    ),
    Health.NOTHING_HEARD: (
        [Idle(at(1))],
        "NOTHING HEARD (not one byte was received) · state unknown · faults unknown",
        5,
    ),
    Health.LOST: (
        [Chunk(COM + PWR, at(0)), TapGap(at(4), "unplugged \x1b[2J")],
        "LOST 5 s (unplugged \\x1b[2J) · state unknown · faults unknown",
        5,
    ),
}
"""A live line in each state, judged nine seconds after its beginning."""


async def status_of(name: str) -> SessionStatus:
    source = open_source(str(CAPTURES / name))
    status, _ = await read_status(Session(source, pipeline_for(source, DEFINITION)), None)
    return status


@pytest.mark.parametrize("name", SAMPLES)
async def test_each_sample_has_its_status(name: str) -> None:
    status = await status_of(name)
    assert (format_status(status, DEFINITION), status.exit_status) == SAMPLES[name]


def test_every_sample_is_in_the_table() -> None:
    assert {path.name for path in CAPTURES.iterdir() if path.suffix in (".pcapng", ".log")} == SAMPLES.keys()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_has_its_status(scenario: str) -> None:
    pipeline = Pipeline(DEFINITION, baud=115200)
    for chunk in played(scenario, 38):
        pipeline.feed(chunk)
    pipeline.flush()
    snapshot = pipeline.snapshot()
    status = SessionStatus(snapshot, assess_link(snapshot.link, snapshot.link.last), snapshot.link.last)
    assert (format_status(status, DEFINITION), status.exit_status) == SCENARIOS[scenario]


@pytest.mark.parametrize("health", Health)
def test_each_state_of_a_link_has_its_status(health: Health) -> None:
    items, text, exit_status = LINKS[health]
    pipeline = Pipeline(DEFINITION)
    for item in items:
        pipeline.feed(item)
        pipeline.flush()
    snapshot = pipeline.snapshot()
    status = SessionStatus(snapshot, assess_link(snapshot.link, at(9)), at(9))
    assert (status.link.health, format_status(status, DEFINITION), status.exit_status) == (health, text, exit_status)
    found = json.loads(json.dumps(build_status_object(status, "tap", DEFINITION, None)))
    assert (found["health"], found["exit_status"], found["fault_active"]) == (health.value, exit_status, None)


async def test_the_object_has_what_a_monitor_needs() -> None:
    found = build_status_object(await status_of("undervoltage.log"), "a.log", DEFINITION, None)
    assert (found["type"], found["source"], found["health"]) == ("status", "a.log", "alive")
    assert found["fault_active"] is True
    assert [fault["ocpp_error"] for fault in found["faults"]] == ["UnderVoltage"]
    assert [(one["connector"], one["status"], one["age"]) for one in found["connectors"]] == [(1, "Faulted", None)]
    again = build_status_object(await status_of("mains-sag.pcapng"), "a", DEFINITION, None)
    assert (again["fault_active"], again["earlier_faults"]) == (False, 1)


def test_a_current_without_charging_is_no_all_clear() -> None:
    bench = Bench()
    for second in range(0, 120, 30):
        bench.time = at(second)
        bench.report("Preparing")
        bench.line(METER_LINE)
    snapshot = bench.charger.snapshot()
    status = SessionStatus(snapshot, assess_link(snapshot.link, bench.time), bench.time)
    assert "no active fault · implausible: connector 1, L1 current flows" in format_status(status, DEFINITION)
    (found,) = build_status_object(status, "tap", DEFINITION, None)["implausible"]
    assert (found["rule"], found["connector"], found["value"]) == ("current-without-charging", 1, 12.0)


def test_a_report_that_is_too_old_says_its_age() -> None:
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(Chunk(COM + status_report("Charging"), at(0)))
    snapshot = pipeline.snapshot()
    status = SessionStatus(snapshot, assess_link(snapshot.link, at(42)), at(42))
    assert format_status(status, DEFINITION).endswith(
        "connector 1 Charging (42 s ago) · faults unknown (none 42 s ago)"
    )
    found = build_status_object(status, "tap", DEFINITION, None)
    assert [connector["age"] for connector in found["connectors"]] == [42]
    assert found["fault_active"] is None


class Line:
    """A live source that delivers some bytes, and then waits without end or fails."""

    name, baud, is_live, zone, taps = "line", None, True, None, ()
    about = "a made-up session"
    times_are_first_bytes = needs_merging = False

    def __init__(self, error: SourceError | None = None) -> None:
        self._error = error

    def now(self) -> int:
        return at(2)

    def close(self) -> None:
        """Nothing is open."""

    async def run(self, take: Take) -> None:
        take(Chunk(COM + PWR, at(0)))
        if self._error:
            raise self._error
        await asyncio.Event().wait()


async def test_a_live_line_is_read_for_as_long_as_was_asked() -> None:
    status, error = await read_status(Session(Line(), Pipeline(DEFINITION)), 0.05)
    assert (status.link.health, status.now, error) == (Health.ALIVE, at(2), None)


async def test_a_source_that_fails_meanwhile_is_lost() -> None:
    status, error = await read_status(Session(Line(SourceError("closed by peer")), Pipeline(DEFINITION)), 60)
    assert (status.link.health, status.link.reason, error) == (Health.LOST, "closed by peer", None)


def test_a_definition_whose_fields_tell_nothing_is_no_board_without_a_fault() -> None:
    link = '[[link]]\nname = "heater"\nheads = { "a>b" = "5A" }\nlength = { at = 1, size = 1, adds = 3 }\npayload = 2\n'
    definition = load(packaged_files(), [("my.toml", f'{link}check = {{ name = "xor" }}')])
    pipeline = Pipeline(definition)
    list(pipeline.feed(Chunk(bytes.fromhex("5a 01 07 5c"), at(0))))
    snapshot = pipeline.snapshot()
    status = SessionStatus(snapshot, assess_link(snapshot.link, at(0)), at(0))
    text = format_status(status, definition)
    assert text.endswith("states not known for this definition · faults not known for this definition")
    assert build_status_object(status, "x", definition, None)["fault_active"] is None
