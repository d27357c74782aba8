"""Playing a session: which record is the last that is shown, and when the next one comes."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.playback import MOST_AT_ONCE, SPEEDS, Playback
from tests.records import records_of
from tests.tui.helpers import parameter


def playback(*times: int | None) -> Playback:
    """Return a session with records at these seconds."""
    store = RecordStore(packaged_definition())
    chunks = (Chunk(parameter(number), None if time is None else time * SECOND) for number, time in enumerate(times))
    store.receive(records_of(*chunks))
    return Playback(store)


def test_it_stands_at_the_end_until_somebody_plays() -> None:
    given = playback(0, 1, 2)
    given.advance(100.0, complete=True)
    assert given.moment is None
    assert given.progress(complete=True).moment == 3


def test_it_plays_from_the_beginning_in_the_time_that_it_took() -> None:
    given = playback(10, 11, 14)
    given.toggle(None, 0.0)
    seen = []
    for now in (0.0, 0.5, 1.0, 3.9, 4.0):
        given.advance(now, complete=True)
        seen.append(given.moment)
    assert seen == [1, 1, 2, 2, 3]
    assert not given.playing


def test_it_plays_from_the_chosen_record() -> None:
    given = playback(0, 1, 2, 3)
    given.toggle(2, 0.0)
    given.advance(1.0, complete=True)
    assert given.moment == 3


def test_it_pauses_and_goes_on() -> None:
    given = playback(0, 1, 2, 3)
    given.toggle(None, 0.0)
    given.advance(1.0, complete=True)
    given.toggle(None, 1.0)
    given.advance(60.0, complete=True)
    assert given.moment == 2
    given.toggle(None, 60.0)
    given.advance(60.9, complete=True)
    assert given.moment == 2
    given.advance(61.0, complete=True)
    assert given.moment == 3


def test_steps_stay_within_the_session() -> None:
    given = playback(0, 1, 2)
    moments = []
    for by in (-1, -1, 1, -1, -1, -1, 1):
        given.step(by, chosen=3)
        moments.append(given.moment)
    assert moments == [2, 1, 2, 1, 0, 0, 1]
    given.seek(99)
    assert given.moment == 3
    given.end()
    assert given.moment is None
    assert not given.is_replaying
    given.step(1, chosen=1)
    assert given.moment == 2
    assert given.is_replaying


def test_faster_is_sooner() -> None:
    given = playback(0, 10, 20)
    given.toggle(None, 0.0)
    for _ in range(3):
        given.change_speed(1)
    assert given.speed == 10
    given.advance(1.0, complete=True)
    assert given.moment == 2


def test_speeds_have_ends() -> None:
    given = playback(0)
    given.change_speed(99)
    assert given.speed == inf
    given.change_speed(-99)
    assert given.speed == SPEEDS[0]


def test_as_fast_as_possible_still_lets_the_screen_live() -> None:
    given = playback(*range(MOST_AT_ONCE + 10))
    given.change_speed(99)
    given.toggle(None, 0.0)
    given.advance(0.01, complete=True)
    assert given.moment == MOST_AT_ONCE
    given.advance(0.02, complete=True)
    assert given.moment == MOST_AT_ONCE + 10


def test_records_without_times_follow_each_other() -> None:
    given = playback(None, None, None)
    given.toggle(None, 0.0)
    given.advance(0.05, complete=True)
    assert given.moment == 1
    given.advance(0.11, complete=True)
    assert given.moment == 2


def test_it_waits_for_what_is_still_read() -> None:
    given = playback(0, 1)
    given.toggle(None, 0.0)
    given.advance(5.0, complete=False)
    assert given.playing
    assert given.progress(complete=False).is_reading
    given.advance(5.1, complete=True)
    assert not given.playing


@given(st.lists(st.none() | st.integers(0, 9), max_size=9), st.lists(st.floats(0, 5), max_size=9))
def test_moment_never_goes_back_while_it_plays(times: list[int | None], waits: list[float]) -> None:
    found = playback(*times)
    found.toggle(None, 0.0)
    now, before = 0.0, 0
    for wait in waits:
        now += wait
        found.advance(now, complete=True)
        moment = len(times) if found.moment is None else found.moment
        assert before <= moment <= len(times)
        before = moment
