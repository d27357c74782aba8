"""The simulated session as a text log, held against the real log: the shapes of its lines, and their periods."""

import re
from collections.abc import Iterable
from datetime import UTC
from itertools import islice, pairwise, takewhile

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import MINUTE, SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.formats.charger_log import parse_line
from sniffer.formats.charger_log_writer import format_line
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.simulator.session_log import generate_log_lines
from tests.paths import CAPTURES
from tests.simulator.helpers import BAUD

START = 1_712_126_566 * SECOND
REAL_LOGS = ("starcharge-idle.log", "undervoltage.log")

ASSUMED_SHAPES = {
    '<=CSMS:[N,"msgN","ChangeAvailability",{"connectorId":N,"type":"S"}]',
    '<=CSMS:[N,"msgN",{"status":"S","currentTime":"S","interval":N}]',
    '<=CSMS:[N,"msgN",{}]',
    '=>CSMS:[N,"msgN","MeterValues",{ "connectorId": N, "meterValue": [{"timestamp": "S", "sampledValue":'
    ' [{"value": "S", "measurand": "S", "unit": "S"}]}] }]',
}
"""Lines that no known log has: OCPP messages in the form that OCPP 1.6 gives them."""

NOT_SIMULATED = {
    '<=CSMS:[N,"msgN","TriggerMessage",{"requestedMessage":"S"}]',
    '=>CSMS:[N,"msgN",{"status":"S"',
}
"""Lines of the real log that the simulated charger does not print; the second one is cut off."""


def lines_of(scenario: str, nanoseconds: int = 2 * MINUTE, seed: int = 1) -> list[LogLine]:
    """Return the beginning of a simulated log."""
    endless = generate_log_lines(scenario, baud=BAUD, start_time=START, seed=seed)
    return list(takewhile(lambda line: line.time is None or line.time < START + nanoseconds, endless))


def printed(lines: Iterable[LogLine]) -> list[str]:
    return [format_line(line.time, UTC, line.number, line.process, line.text) for line in lines]


def shape_of(text: str) -> str:
    """Return a line without what differs from one to the next: numbers, values in JSON, and the bytes of a frame.

    Of a frame, the route, the command and the length remain.
    """
    line = parse_line(text)
    process = f"[{line.process}] " if line.process else ""
    if line.frame is not None and line.route is not None:
        start, end = line.route.command_place
        command = line.frame[start:end].hex()
        return f"{process}{line.text.split(':')[0]} {command} {len(line.frame)} bytes"
    if line.process is None:
        return line.text
    body = re.sub(r'(": ?)"[^"]*"', r'\1"S"', line.text)
    body = re.sub(r"0x[0-9a-fA-F]+|\d+(\.\d+)?", "N", body.removesuffix(" "))
    body = re.sub(r"\[N-N-NTN:N:N.NZ\]|\[N-N-NTN:NZ\]", "[T]", body)
    return process + re.sub(r"[ \t]+N (hours|minutes)", r" N \1", body)


def shapes_of(texts: Iterable[str]) -> set[str]:
    return {shape_of(text) for text in texts if text}


def real_shapes() -> set[str]:
    """Return the shapes of the real log, and of the service log, without their line numbers."""
    return shapes_of(line for name in REAL_LOGS for line in (CAPTURES / name).read_text("utf-8").splitlines())


def without_process(shapes: Iterable[str]) -> set[str]:
    return {re.sub(r"^\[\w+\] ", "", shape) for shape in shapes}


def times_of(lines: Iterable[LogLine], beginning: str) -> list[int]:
    return [(line.time or 0) // SECOND for line in lines if line.text.startswith(beginning)]


def test_every_line_has_the_shape_of_a_real_one() -> None:
    simulated = shapes_of(text for name in SCENARIOS for text in printed(lines_of(name)))
    assert without_process(simulated - real_shapes()) == ASSUMED_SHAPES


def test_every_real_line_is_simulated() -> None:
    simulated = shapes_of(text for name in SCENARIOS for text in printed(lines_of(name)))
    assert without_process(real_shapes() - simulated) == NOT_SIMULATED


def test_the_lines_read_back_as_they_are() -> None:
    lines = lines_of("charging")
    assert [parse_line(text) for text in printed(lines)] == lines


def test_every_line_is_understood_but_those_without_a_time() -> None:
    pipeline = Pipeline(packaged_definition())
    for line in lines_of("charging"):
        for item in (record.item for record in pipeline.feed(line)):
            if isinstance(item, Message):
                assert item.command is not None
            elif isinstance(item, TextMessage) and item.line.time is not None and "CSMS" not in item.line.text:
                assert item.meaning is not None or "RelayAdhesion" in item.line.text


@pytest.mark.parametrize("name", SCENARIOS)
def test_times_are_whole_seconds_in_order(name: str) -> None:
    times = [line.time for line in lines_of(name) if line.time is not None]
    assert times == sorted(times)
    assert {time % SECOND for time in times} == {0}
    assert times[0] == START


# Periods


def test_announcements_come_every_five_seconds_while_registration_is_pending() -> None:
    times = times_of(lines_of("pending"), "Com boot!")
    assert [after - before for before, after in pairwise(times)] == [5] * 23


def test_status_reports_come_every_29_seconds() -> None:
    times = times_of(lines_of("pending", 5 * MINUTE), "<=pwrboard:BB EE EE 2D")
    assert [after - before for before, after in pairwise(times)] == [29] * 10


def test_meter_values_are_asked_for_at_the_full_and_the_half_minute() -> None:
    times = times_of(lines_of("charging", 5 * MINUTE), "=>pwrboard:AA EE EE 04")
    assert {time % 60 for time in times} == {0, 30}
    assert [after - before for before, after in pairwise(times)] == [30] * 9


def test_the_card_reader_s_fault_is_printed_every_eight_seconds() -> None:
    times = times_of(lines_of("pending"), "##########_HJ CardReader")
    assert {after - before for before, after in pairwise(times)} == {8, 9}


def test_the_ocpp_module_prints_its_state_once_a_minute() -> None:
    lines = lines_of("pending", 5 * MINUTE)
    times = times_of(lines, "[run]:")
    assert [after - before for before, after in pairwise(times)] == [60] * 4
    runs = [line.text.split("\t")[1] for line in lines if line.text.startswith("[run]:")]
    assert runs == [" 0 minutes", " 1 minutes", " 2 minutes", " 3 minutes", " 4 minutes"]


def test_the_central_system_accepts_one_second_after_the_boot_notification() -> None:
    lines = lines_of("charging")
    calls = times_of(lines, '=>CSMS:[2,"msg002","BootNotification"')
    assert times_of(lines, '<=CSMS:[3,"msg002",{"status":"Accepted"') == [calls[0] + 1]
    assert times_of(lines, "Com boot!")[-1] == calls[0]


# The order of one exchange, as far as the real log has it within one process


def test_a_status_report_is_printed_in_the_order_of_the_real_log() -> None:
    lines = lines_of("pending", 40 * SECOND)
    first = next(index for index, line in enumerate(lines) if line.text.startswith("<=pwrboard:BB EE EE 2D")) - 3
    exchange = [line for line in lines[first:] if line.time == lines[first].time]
    texts = [line.text for line in exchange]
    patterns = [
        r"<=pwrboard:BB .. .. 01 ",
        r"icomCode = 0,index=0",
        r" inside error test : board warnning RelayAdhesion error",
        r"<=pwrboard:BB EE EE 2D ",
        r" boardtemp = 36, conntemp = 28 ;",
        r"pwrCom error Code vol:0,0,12",
        r"ocpp error Code :6,0",
        r"<=Dbus:FF 6A A6 .. .. 00 0F \[00 01\]",
        r"=>pwrboard:AA .. .. 2C ",
        r"<=Dbus:FF 6A A6 EE EE 00 05 \[00 2D\]",
        r"=>Dbus:FF 6A A6 .. .. 00 06 \[00 2D\]",
        r"=>pwrboard:AA .. .. 01 ",
        r"=>Dbus:FF 6A A6 .. .. 00 04 \[00 01\]",
        r"<=Dbus:FF 6A A6 .. .. 00 04 \[50 09\]",
    ]
    assert len(texts) >= len(patterns)
    for text, pattern in zip(texts, patterns, strict=False):
        assert re.match(pattern, text), text


# What can be asked for


def test_the_same_seed_gives_the_same_log() -> None:
    assert lines_of("charging", seed=3) == lines_of("charging", seed=3)
    assert lines_of("charging", seed=3) != lines_of("charging", seed=4)


def test_what_cannot_be_simulated_is_refused_at_the_call() -> None:
    with pytest.raises(SourceError, match="no scenario"):
        generate_log_lines("storm", baud=9600)
    with pytest.raises(SourceError, match="baud"):
        generate_log_lines("charging", baud=0)


def test_without_a_start_time_the_log_begins_in_1970() -> None:
    assert next(islice(generate_log_lines("charging", baud=9600, seed=1), 1)).time == 0
