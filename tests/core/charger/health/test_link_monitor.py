"""The changes of the link's health in a session: given these frames, noise and silences, these verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.charger.health import link_monitor
from sniffer.core.charger.health.link_health import Health, LinkActivity, LinkHealth, assess_link
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Idle, TapGap, TapRestored
from sniffer.core.wire.links import DBUS
from tests.core.charger.health.helpers import GARBAGE, Line, at, frame, joined, verdicts
from tests.core.protocol.helpers import DEFINITION


def test_a_line_is_alive_with_the_first_frame_of_the_second_side() -> None:
    line = Line()
    assert line.now(0) is Health.NOTHING_HEARD
    assert line.hear(0, "com") == []
    assert line.now(0) is Health.ONE_SIDE
    assert line.hear(0.02, "pwr") == ["alive"]
    assert line.hear(1, "com", "pwr") == []


def test_a_port_without_a_byte_is_reported_after_ten_seconds() -> None:
    line = Line()
    assert [line.wait(second) for second in (1, 2, 10, 10.9)] == [[], [], [], []]
    assert line.wait(11) == ["nothing heard"]
    assert line.wait(12) == []


def test_one_side_is_reported_when_no_answer_came_for_two_seconds() -> None:
    line = Line()
    assert [line.hear(second, "com") for second in (0, 1, 1.9)] == [[], [], []]
    assert line.hear(2, "com") == ["one side only"]
    assert line.hear(2.1, "pwr") == ["alive"]


@pytest.fixture
def assessed(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Return a list of the times of all assessments from now on."""
    times: list[int | None] = []

    def note_assessment(activity: LinkActivity, now: int | None) -> LinkHealth:
        times.append(now)
        return assess_link(activity, now)

    monkeypatch.setattr(link_monitor, "assess_link", note_assessment)
    return times


def test_the_frames_of_a_line_that_is_alive_are_not_assessed(assessed: list[int | None]) -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assessed.clear()
    assert joined([line.hear(tenth / 10, "com", "pwr") for tenth in range(1, 100)]) == []
    assert assessed == []


def test_the_frames_of_the_only_side_are_assessed_once_a_second(assessed: list[int | None]) -> None:
    line = Line()
    found = [line.hear(tenth / 10, "com") for tenth in range(100)]
    assert joined(found) == ["one side only"]
    assert len(assessed) <= 12
    assert line.hear(10, "pwr") == ["alive"]


def test_a_side_that_falls_silent_is_missed() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    found = [line.hear(second, "pwr") for second in range(1, 40)]
    assert joined(found) == ["one side only"]
    assert line.hear(40, "com") == ["alive"]


def test_silence_and_its_end_are_reported() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assert joined([line.wait(second) for second in range(1, 60)]) == ["silent"]
    assert line.hear(60, "com") == ["alive"]


def test_a_line_with_a_request_every_minute_is_called_silent_once() -> None:
    line = Line()
    steps = [line.hear(t, "com") + line.hear(t + 0.02, "pwr") if t % 60 == 0 else line.wait(t) for t in range(600)]
    assert joined(steps) == ["alive", "silent", "alive"]
    assert joined([line.wait(t) for t in range(600, 800)]) == ["silent"]


@pytest.mark.parametrize("sides", [("com", "pwr"), ("pwr", "com")])
def test_a_side_with_a_frame_every_forty_seconds_is_missed_once(sides: tuple[str, str]) -> None:
    line, (often, seldom) = Line(), sides
    steps = [line.hear(t, often, *([seldom] if t % 40 == 0 else [])) for t in range(600)]
    assert joined(steps) == ["alive", "one side only", "alive"]


def test_a_line_with_irregular_traffic_is_not_silent_again_and_again() -> None:
    line = Line()
    times = {0, 14, 31, 57, 70, 95, 110, 123, 149, 160, 180, 206}
    assert joined([line.hear(t, "com", "pwr") if t in times else line.wait(t) for t in range(210)]) == [
        "alive",
        "silent",
        "alive",
        "silent",
        "alive",
    ]


@pytest.mark.parametrize(("pause", "silent_after"), [(9.9, 10), (10, 15), (80, 120), (80.1, 10)])
def test_a_pause_of_ten_to_eighty_seconds_makes_the_wait_one_and_a_half_times_as_long(
    pause: float, silent_after: float
) -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    line.hear(pause, "com", "pwr")
    assert line.now(pause + silent_after - 0.1) is Health.ALIVE
    assert line.now(pause + silent_after) is Health.SILENT


def test_without_a_pause_the_learnt_period_is_waited_for() -> None:
    line = Line()
    for turn in range(5):
        line.hear(8 * turn, "com", "pwr")
    assert line.now(32 + 19.9) is Health.ALIVE
    assert line.now(32 + 20) is Health.SILENT


def test_a_lost_tap_is_lost_until_it_is_back_and_the_line_silent_until_it_is_received() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assert line.feed(TapGap(at(1), "unplugged")) == ["lost"]
    assert line.wait(30) == []
    assert line.feed(TapRestored(at(60), "again")) == ["silent"]
    assert line.hear(60.5, "pwr") == ["alive"]


def test_a_source_that_is_back_is_silent_until_a_frame_arrives_however_short_the_loss_was() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    line.feed(TapGap(at(1), "unplugged"))
    assert line.feed(TapRestored(at(2), "again")) == ["silent"]
    activity = line.pipeline.snapshot().link
    assert assess_link(activity, activity.last).health is Health.SILENT
    assert line.hear(2.5, "pwr") == ["alive"]


def test_a_tap_that_is_back_makes_no_silence_while_the_other_one_delivered() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    line.feed(TapGap(at(1), "unplugged", 2))
    line.hear(2, "com")
    assert line.feed(TapRestored(at(3), "again", 2)) == ["alive"]


def test_a_loss_of_data_ends_with_the_next_bytes() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assert line.feed(TapGap(at(1), "overrun")) == ["lost"]
    assert line.hear(1.1, "pwr") == ["alive"]


def test_frames_of_the_other_link_are_not_the_boards() -> None:
    """Bytes that look like `dbus` do not make the link between the boards alive."""
    line = Line()
    line.hear(0, "com")
    line.feed(Chunk(DBUS.build(b"\xff\x6a\xa6", 1, 0x0101, b""), at(0.1)))
    assert line.now(0.2) is Health.ONE_SIDE


def test_a_clock_that_is_set_back_makes_no_silence_and_hides_none() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    line.hear(1, "com", "pwr")
    assert line.hear(-3600, "com", "pwr") == []
    assert line.wait(-3595) == []
    assert joined([line.wait(second) for second in range(-3594, -3580)]) == ["silent"]


def test_two_lost_taps_are_named_with_their_numbers_until_both_are_back() -> None:
    line = Line()
    line.hear(0, "com", "pwr")
    assert line.feed(TapGap(at(1), "unplugged", 1)) == ["lost"]
    assert line.feed(TapGap(at(2), "gone too", 2)) == []
    found = assess_link(line.pipeline.snapshot().link, at(3))
    assert (found.reason, found.since) == ("tap 1: unplugged; tap 2: gone too", at(1))
    assert line.feed(TapRestored(at(4), "again", 1)) == []
    assert line.feed(TapRestored(at(5), "again", 2)) == ["silent"]


STEPS = st.lists(st.tuples(st.sampled_from(["com", "pwr", "both", "noise", "wait"]), st.integers(0, 40)), max_size=30)


@given(STEPS)
def test_a_replay_reports_the_same_changes(steps: list[tuple[str, int]]) -> None:
    """A recording keeps those moments of silence that were records, and says which ones showed the link's health."""
    items: list[SourceItem] = []
    seconds = 0
    for number, (what, pause) in enumerate(steps):
        if what == "wait":
            items += [Idle(at(seconds + second)) for second in range(1, pause)]
        seconds += pause
        if what in ("com", "pwr"):
            items.append(Chunk(frame(what, number), at(seconds)))
        elif what == "both":
            items.append(Chunk(frame("com", number) + frame("pwr", number), at(seconds)))
        elif what == "noise":
            items.append(Chunk(GARBAGE, at(seconds)))
    live = Pipeline(DEFINITION)
    kept: list[SourceItem] = []
    records: list[Record] = []
    for item in items:
        found = [*live.feed(item), *live.flush()]
        records += found
        if not isinstance(item, Idle):
            kept.append(item)
        elif found:
            kept.append(Idle(item.time, shows_health=bool(verdicts(found))))
    replay = Pipeline(DEFINITION)
    again = [record for item in kept for record in (*replay.feed(item), *replay.flush())]
    assert [record.events for record in again] == [record.events for record in records]
    now = at(seconds)
    assert assess_link(replay.snapshot().link, now) == assess_link(live.snapshot().link, now)
