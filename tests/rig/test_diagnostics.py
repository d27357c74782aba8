"""The state of a session in one line: trouble with the taps, the charger, the last record, the bytes."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import BootLoop
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.core.charger.tap_events import Miswired
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapState
from sniffer.rig.diagnostics import format_diagnosis
from tests.core.protocol.helpers import DEFINITION
from tests.rig.helpers import CHARGING, FAULTED, M4_UNDER_VOLTAGE, UNDER_VOLTAGE, Script, report

SILENT = "no connector has reported; not one byte was read"


class TimedScript(Script):
    """A source whose clock stands at `time`."""

    time: int | None = None

    def now(self) -> int | None:
        return self.time


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> TimedScript:
    return TimedScript(monkeypatch)


def diagnose(source: TimedScript, *reads: Chunk) -> str:
    pipeline = Pipeline(DEFINITION)
    records: list[Record] = [record for read in reads for record in pipeline.feed(read)]
    records += pipeline.flush()
    return format_diagnosis(source, pipeline.snapshot(), records[-1] if records else None, DEFINITION)


def test_a_silent_line_is_reported_as_silent(source: TimedScript) -> None:
    assert diagnose(source) == SILENT


@pytest.mark.parametrize(
    ("tap", "trouble"),
    [
        (TapState("a", 9600), ""),
        (TapState("a", 9600, rate="9600 by 3 frames"), ""),
        (TapState("a", None), ""),
        (TapState("a", None, rate="trying 9600"), "no baud rate found yet (trying 9600)"),
        (TapState("a", None, rate="trying 9600", lost="unplugged"), "unplugged"),
    ],
)
def test_trouble_of_a_tap_stands_first(source: TimedScript, tap: TapState, trouble: str) -> None:
    source.taps = (tap,)
    assert diagnose(source) == (f"{trouble}; {SILENT}" if trouble else SILENT)


def test_trouble_of_one_of_several_taps_has_its_name(source: TimedScript) -> None:
    source.taps = (TapState("a", 9600, lost="unplugged"), TapState("b", None, rate="trying"))
    assert diagnose(source) == f"a: unplugged; b: no baud rate found yet (trying); {SILENT}"


def test_a_live_session_states_how_long_ago_things_were(source: TimedScript) -> None:
    source.time = 5 * SECOND
    text = diagnose(source, Chunk(report(CHARGING), 2 * SECOND))
    assert text.startswith("connector 1 is Charging for 3")
    assert "; last: #1, 3" in text
    assert " ago: " in text
    assert text.endswith("; 18 bytes read: 1 frame, noise: none")


def test_a_saved_session_states_no_time_that_has_passed(source: TimedScript) -> None:
    source.time = 5 * SECOND
    source.is_live = False
    text = diagnose(source, Chunk(report(CHARGING), 2 * SECOND))
    assert text.startswith("connector 1 is Charging; last: #1: ")


def test_active_faults_and_noise_are_reported(source: TimedScript) -> None:
    faulted = report(FAULTED, 2, ocpp=UNDER_VOLTAGE, m4=M4_UNDER_VOLTAGE)
    text = diagnose(source, Chunk(report(CHARGING, 1) + faulted + b"\1\2\3"))
    assert text.startswith("connector 1 is Faulted; fault Under voltage (")
    assert "; last: #3: noise garbage 3 bytes: 01 02 03; " in text
    assert text.endswith("; 39 bytes read: 2 frames, noise: 3 bytes garbage")


def test_large_numbers_are_grouped(source: TimedScript) -> None:
    assert "noise: 1,200 bytes garbage" in diagnose(source, Chunk(b"\1" * 1200))


def test_no_control_character_reaches_the_line(source: TimedScript) -> None:
    source.taps = (TapState("a", None, lost="un\x1b[2Jplugged\n"),)
    text = diagnose(source)
    assert text.isprintable()
    assert "un" in text


def test_wiring_and_boot_loops_are_reported(source: TimedScript) -> None:
    snapshot = replace(
        Pipeline(DEFINITION).snapshot(),
        wiring=(Miswired(None, "swapped", "the wires are swapped"),),
        restarts=(Restarts("power board", 3, None, BootLoop(None, "power board", None, 3, None)),),
    )
    parts = format_diagnosis(source, snapshot, None, DEFINITION).split("; ")
    assert parts[0] == "wiring: the wires are swapped"
    assert parts[1] == "boot loop of the power board: 3 restarts"
    assert parts[2] == "no connector has reported"


def test_a_pending_registration_and_a_restart_are_reported(source: TimedScript) -> None:
    source.time = 52 * SECOND
    snapshot = replace(
        Pipeline(DEFINITION).snapshot(),
        registration=Registration("pending", 1, 10 * SECOND, 4, 50 * SECOND, 5 * SECOND),
        restarts=(Restarts("ocpp module", 1),),
    )
    assert format_diagnosis(source, snapshot, None, DEFINITION).split("; ")[:3] == [
        "registration pending for 42 s: the central system has not accepted",
        "the power board announces itself (4 times, every 5.00 s)",
        "the OCPP module restarted once",
    ]
