"""Noise on the link: given bytes that are no frames, and the receiver's errors in them, these verdicts."""

from sniffer.core.charger.health.link_health import Health, assess_link, count_recent_noise
from sniffer.core.wire.items import BaudChange, LineError, LineErrorMark
from tests.core.charger.health.helpers import GARBAGE, Line, at, joined
from tests.core.charger.helpers import Bench


def test_noise_instead_of_frames_is_reported() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assert joined([line.garble(tenth / 10) for tenth in range(10, 100)]) == []
    assert joined([line.garble(tenth / 10) for tenth in range(100, 112)]) == ["noise only"]
    assert joined([line.garble(tenth / 10) for tenth in range(112, 200)]) == []
    assert line.hear(42, "com", "pwr") == ["alive"]


def test_noise_between_frames_that_come_often_enough_changes_nothing() -> None:
    line = Line()
    found = [
        line.hear(tenth / 10, "com", "pwr") if tenth % 70 == 0 else line.garble(tenth / 10) for tenth in range(400)
    ]
    assert joined(found) == ["alive"]


def test_noise_from_the_start_is_reported_after_two_seconds() -> None:
    line = Line()
    assert [line.garble(second) for second in (0, 1, 2, 3)] == [[], [], ["noise only"], []]


def test_framing_errors_are_a_sign_of_a_wrong_rate() -> None:
    line = Line()
    marks = tuple(LineErrorMark(place, LineError.FRAMING) for place in range(0, 32, 4))
    assert joined([line.garble(second, marks) for second in (0, 1, 2)]) == ["wrong rate"]


def test_a_rate_that_is_not_found_is_a_wrong_rate_until_one_is() -> None:
    line = Line()
    line.garble(0)
    line.garble(1)
    assert line.feed(BaudChange(at(3), None, "nothing fits")) == ["wrong rate"]
    assert line.feed(BaudChange(at(4), 9600, "two frames")) == ["noise only"]
    assert line.hear(4, "com", "pwr") == ["alive"]


def test_a_verdict_says_since_when_the_bytes_have_no_frame() -> None:
    line = Line()
    line.garble(1)
    line.garble(2)
    first = assess_link(line.pipeline.snapshot().link, at(2))
    assert (first.health, first.since) == (Health.NOISE_ONLY, at(1))
    line.hear(3, "com", "pwr")
    line.garble(20)
    again = assess_link(line.pipeline.snapshot().link, at(20))
    assert (again.health, again.since) == (Health.NOISE_ONLY, at(3))


def test_a_frame_ends_the_noise_before_it() -> None:
    line = Line()
    marks = tuple(LineErrorMark(place, LineError.FRAMING) for place in range(0, 32, 2))
    line.garble(1, marks)
    line.hear(2, "com")
    line.garble(20)
    activity = line.pipeline.snapshot().link
    assert (activity.noise_bytes, activity.misframed) == (len(GARBAGE), 0)
    assert line.now(20) is Health.NOISE_ONLY


def test_noise_of_a_later_time_is_forgotten_when_the_clock_is_set_back() -> None:
    line = Line()
    line.garble(0)
    line.hear(1, "com", "pwr")
    line.hear(-3600, "com", "pwr")
    activity = line.pipeline.snapshot().link
    assert (activity.recent_noise, activity.first_noise, activity.last_noise) == ((), None, None)


def test_the_lines_of_a_log_without_frames_are_counted() -> None:
    bench = Bench()
    bench.line("nothing to see")
    bench.line("nothing at all")
    assert bench.now.link.lines == 2
    assert "the log has lines" in assess_link(bench.now.link, None).reason


def test_noise_is_counted_by_second() -> None:
    line = Line()
    for second in (0, 0.5, 30, 100):
        line.garble(second)
    assert count_recent_noise(line.pipeline.snapshot().link, at(100)) == len(GARBAGE)
    assert count_recent_noise(line.pipeline.snapshot().link, at(30)) == 3 * len(GARBAGE)
