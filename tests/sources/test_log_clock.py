"""The clock of a log: where it was set, a note says so."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Note
from sniffer.sources.log_clock import KNOWN_FROM, LEAST_STEP, LogClock

NOW = 1_700_000_000 * SECOND


def lines(*times: int | None) -> list[LogLine]:
    return [LogLine(time, "ocpp", "CP_INFO") for time in times]


def notes(*times: int | None) -> dict[int, str]:
    """Return the notes of lines with these times, by the places of their lines."""
    items = LogClock().note_steps(lines(*times))
    kept = [item for item in items if isinstance(item, LogLine)]
    assert kept == lines(*times)
    places = [place for place, item in enumerate(items) if isinstance(item, Note)]
    return {place - number: str(items[place].text) for number, place in enumerate(places)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "times",
    [
        (),
        (None, None),
        (NOW, NOW, NOW + 86400 * SECOND),
        (NOW, NOW - LEAST_STEP + 1, NOW),
        (5 * SECOND, 9 * SECOND, None, 99 * SECOND),
    ],
)
def test_lines_in_order_are_passed_on_as_they_are(times: tuple[int | None, ...]) -> None:
    assert notes(*times) == {}


def test_a_clock_that_was_set_is_noted_at_its_line() -> None:
    back = "the clock of the log was set back by 60 min 00 s: durations across this line mean nothing"
    assert notes(NOW, NOW - 3600 * SECOND, NOW) == {1: back}
    assert notes(NOW, None, NOW - 3600 * SECOND) == {2: back}
    forward = "the clock of the log was set forward by 30.00 s: durations across this line mean nothing"
    assert notes(KNOWN_FROM - 20 * SECOND, KNOWN_FROM + 10 * SECOND, NOW) == {1: forward}


def test_the_lines_of_several_turns_are_of_one_clock() -> None:
    clock = LogClock()
    assert clock.note_steps(lines(NOW)) == lines(NOW)
    (note, line) = clock.note_steps(lines(NOW - 7200 * SECOND))
    assert isinstance(note, Note)
    assert "set back by 2 h 00 min" in note.text
    assert line == lines(NOW - 7200 * SECOND)[0]
