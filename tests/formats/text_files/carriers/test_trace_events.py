"""Events in the trace format of Chrome."""

import pytest

from sniffer.formats.text_files.carriers.trace_events import TraceEvent, parse_event

EVENT: dict[str, object] = {"ph": "B", "ts": 1500, "tid": "RX", "name": "BB"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, TraceEvent("0.001500", "RX", "BB", None)),
        ({"ph": "X", "args": {"a": 1}}, TraceEvent("0.001500", "RX", "BB", {"a": 1})),
        ({"ph": "E"}, TraceEvent("0.001500", "RX", "", None)),
        ({"tid": "RX bits", "name": "1"}, TraceEvent("0.001500", "", "", None)),
        ({"tid": 2}, TraceEvent("0.001500", "", "", None)),
        ({"name": 7}, TraceEvent("0.001500", "RX", "", None)),
        ({"ts": "noon"}, None),
        ({"ph": None}, None),
    ],
)
def test_an_event_has_a_time_a_direction_and_a_byte(members: dict[str, object], expected: TraceEvent | None) -> None:
    assert parse_event(EVENT | members) == expected
