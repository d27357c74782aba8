"""The finder by itself: after these reads, which rate it tries, which it accepts, and which evidence it shows."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND
from sniffer.core.line.baud_finder import CANDIDATES, BaudFinder, BaudFinderState
from sniffer.core.wire.items import LineError, LineErrorMark
from tests.core.line.helpers import START
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

GOOD = STATUS_REPORT.raw
OTHER = KNOWN_FRAMES[2].raw
BREAK = (LineErrorMark(0, LineError.BREAK),)


class Listener:
    """A finder that receives reads with a pause before each; it is ticked during the pauses."""

    def __init__(self, finder: BaudFinder | None = None) -> None:
        self.finder = finder or BaudFinder()
        self.time = START
        self.finder.tick(self.time)

    def wait(self, milliseconds: int) -> None:
        for _ in range(0, milliseconds, 50):
            self.time += 50 * MILLISECOND
            self.finder.tick(self.time)

    def receive(self, data: bytes, marks: tuple[LineErrorMark, ...] = (), after: int = 300) -> bool:
        self.wait(after)
        return self.finder.read(data, marks, self.time)


def test_the_candidates_are_the_common_rates_and_each_once() -> None:
    assert {9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600} <= set(CANDIDATES)
    assert CANDIDATES[0] == 115200
    assert len(set(CANDIDATES)) == len(CANDIDATES)


def test_no_rate_is_found_before_the_first_byte() -> None:
    finder = BaudFinder()
    assert (finder.baud, finder.found) == (115200, None)
    assert finder.evidence == "undetermined: no frame yet, listening at 115200"


def test_two_frames_are_believed_at_once() -> None:
    listener = Listener()
    assert not listener.receive(GOOD)
    assert listener.receive(OTHER, after=0)
    assert (listener.finder.baud, listener.finder.found) == (115200, 115200)
    assert listener.finder.evidence == "115200: 2 of 2 frames valid"


def test_one_frame_between_two_silences_is_believed() -> None:
    listener = Listener()
    listener.receive(GOOD)
    listener.wait(100)
    assert listener.finder.evidence == "115200: 1 of 1 frames valid"


def test_one_frame_is_not_believed_while_more_may_follow_it() -> None:
    listener = Listener()
    listener.receive(GOOD)
    assert listener.finder.found is None


@pytest.mark.parametrize("noise", [b"\x17\x80\x41", b"\xaa", GOOD[:-2]])
@pytest.mark.parametrize("before", [True, False])
def test_one_frame_among_noise_is_not_believed(noise: bytes, before: bool) -> None:
    listener = Listener()
    listener.receive(noise + GOOD if before else GOOD + noise)
    listener.wait(100)
    assert listener.finder.found is None


def test_two_frames_among_little_noise_are_believed() -> None:
    listener = Listener()
    listener.receive(b"\x17\x80\x41" + GOOD)
    listener.receive(b"\x60" + OTHER + b"\x17")
    assert listener.finder.found == 115200


def test_two_frames_among_many_heads_are_not_believed_and_a_third_is() -> None:
    listener = Listener()
    listener.receive(b"\xaa\x00\x00\x00\x00\x00\x00" * 6 + GOOD, after=0)
    listener.receive(OTHER, after=0)
    assert listener.finder.found is None
    listener.receive(GOOD, after=0)
    assert listener.finder.found == 115200


def test_bytes_that_were_received_before_the_change_count_for_nothing() -> None:
    listener = Listener()
    listener.receive(b"\x00\x80\x80\x00" * 3, BREAK)
    listener.wait(50)
    baud = listener.finder.baud
    assert baud != 115200
    assert not listener.finder.read(GOOD + OTHER, (), listener.time + 10 * MILLISECOND)
    assert (listener.finder.baud, listener.finder.found) == (baud, None)


def test_frames_count_though_every_byte_is_marked() -> None:
    listener = Listener()
    for raw in (GOOD, OTHER):
        listener.receive(raw, tuple(LineErrorMark(at, LineError.FRAMING) for at in range(len(raw))))
    assert listener.finder.found == 115200
    assert listener.finder.evidence.startswith("115200: 1 of 1 frames valid, 18 line errors in 18 bytes")


def test_the_evidence_names_the_rates_that_failed() -> None:
    listener = Listener(BaudFinder((115200, 9600)))
    listener.receive(b"\x00" * 10, tuple(LineErrorMark(at, LineError.BREAK) for at in range(10)))
    listener.wait(50)
    assert listener.finder.evidence == "undetermined: trying 9600; 115200: none, 10 line errors in 10 bytes"
    listener.receive(GOOD)
    listener.receive(OTHER)
    assert listener.finder.evidence == "9600: 1 of 1 frames valid; 115200: none, 10 line errors in 10 bytes"


def test_a_rate_that_the_adapter_refuses_is_not_tried_again() -> None:
    finder = BaudFinder((115200, 9600, 19200))
    assert finder.exclude(115200)
    assert (finder.baud, finder.evidence) == (9600, "undetermined: trying 9600")
    assert not finder.exclude(115200)
    assert finder.exclude(finder.baud)
    last = finder.baud
    assert not finder.exclude(last)
    assert finder.baud == last


def test_where_nothing_is_received_it_goes_back_once_to_where_something_was() -> None:
    listener = Listener()
    listener.receive(b"\x00\x80\x80\x00" * 3, BREAK)
    listener.wait(50)
    assert listener.finder.baud != 115200
    listener.wait(2900)
    assert listener.finder.baud != 115200
    listener.wait(200)
    assert listener.finder.baud == 115200
    evidence = listener.finder.evidence
    listener.wait(60_000)
    assert (listener.finder.baud, listener.finder.evidence) == (115200, evidence)


def test_only_one_candidate_is_kept_for_ever() -> None:
    listener = Listener(BaudFinder((57600,)))
    for _ in range(50):
        listener.receive(b"\x00\x01\x02\x03")
    assert (listener.finder.baud, listener.finder.found) == (57600, None)
    listener.receive(GOOD)
    listener.receive(OTHER)
    assert listener.finder.found == 57600


# After a rate is found


def listener_at_its_rate() -> Listener:
    listener = Listener()
    listener.receive(GOOD)
    listener.receive(OTHER)
    assert listener.finder.found == 115200
    return listener


def test_silence_does_not_lose_the_rate() -> None:
    listener = listener_at_its_rate()
    listener.wait(600_000)
    assert listener.finder.found == 115200


def test_one_burst_of_garbage_after_a_long_silence_does_not_lose_the_rate() -> None:
    listener = listener_at_its_rate()
    listener.wait(60_000)
    listener.receive(bytes(200), after=0)
    listener.wait(60_000)
    assert listener.finder.found == 115200


def test_frames_between_noise_keep_the_rate() -> None:
    listener = listener_at_its_rate()
    for _ in range(200):
        listener.receive(b"\x13\x80\x00\x07", BREAK, after=100)
        listener.receive(b"\x00\x01", after=100)
        listener.receive(GOOD, after=100)
    assert listener.finder.found == 115200


def test_what_is_usual_on_a_line_does_not_lose_the_rate() -> None:
    garbage = b"\x00\x80\x80\x00\xf8\x80\x80\x00"
    listener = listener_at_its_rate()
    for _ in range(20):
        for _ in range(6):
            listener.receive(garbage, BREAK, after=100)
        listener.receive(GOOD, after=100)
    for _ in range(22):
        listener.receive(garbage, BREAK, after=100)
    assert listener.finder.found == 115200
    for _ in range(4):
        listener.receive(garbage, BREAK, after=100)
    assert listener.finder.found is None


def test_garbage_that_lasts_loses_the_rate() -> None:
    listener = listener_at_its_rate()
    for _ in range(40):
        listener.receive(b"\x00\x80\x80\x00\xf8\x80\x80\x00", BREAK)
        if listener.finder.found is None:
            break
    assert listener.finder.found is None
    assert "no more valid frames at 115200" in listener.finder.evidence


def test_little_of_a_busy_line_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = listener_at_its_rate()
    fed = 0
    trial_feed = type(listener.finder._trial).feed

    def counting(self: object, data: bytes, *rest: object, **named: object) -> None:
        nonlocal fed
        fed += len(data)
        trial_feed(self, data, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(type(listener.finder._trial), "feed", counting)
    for _ in range(1000):
        listener.time += 10 * MILLISECOND
        listener.finder.read(OTHER * 50, (), listener.time)
    assert 9 * 2048 <= fed <= 11 * 2048
    assert listener.finder.found == 115200


# Random reads

READS = st.lists(
    st.tuples(
        st.sampled_from([GOOD, OTHER, GOOD[:9], b"", b"\x00", b"\xaa\xbb", b"\x95\x22"]) | st.binary(max_size=40),
        st.booleans(),
        st.sampled_from([0, 1, 20, 60, 400, 5000]),
    ),
    max_size=60,
)


@settings(deadline=None)  # the first use of a rate computes its expected bytes, once
@given(READS, st.sampled_from([CANDIDATES, (9600,), (9600, 115200, 9600)]))
def test_read_returns_true_exactly_for_a_change(
    reads: list[tuple[bytes, bool, int]], candidates: tuple[int, ...]
) -> None:
    finder, time = BaudFinder(candidates), START
    states = [(finder.baud, finder.found, finder.evidence)]
    for data, marked, pause in reads:
        time += pause * MILLISECOND
        marks = tuple(LineErrorMark(at, LineError.FRAMING) for at in range(0, len(data), 3)) if marked else ()
        changed = finder.read(data, marks, time) if data else finder.tick(time)
        states.append((finder.baud, finder.found, finder.evidence))
        assert changed == (states[-1] != states[-2])
        assert finder.baud in candidates
        assert finder.found in (None, finder.baud)
        assert "\n" not in finder.evidence
        assert len(finder.evidence) < 400
    assert all(one[1] is None or one[0] == one[1] for one, _ in pairwise(states))


def test_the_state_follows_the_search() -> None:
    listener = Listener()
    states = [listener.finder.state]
    for _ in range(2000):
        listener.receive(b"\x00\x80\x80\x00\xf8\x80\x80\x00", BREAK)
        if listener.finder.state is not states[-1]:
            states.append(listener.finder.state)
            break
    assert states == [BaudFinderState.SEARCHING, BaudFinderState.EXHAUSTED]
    assert listener.finder.evidence.startswith("undetermined: no valid frames at any of ")
    assert listener_at_its_rate().finder.state is BaudFinderState.FOUND


def test_a_lost_rate_is_searched_again() -> None:
    listener = listener_at_its_rate()
    for _ in range(40):
        listener.receive(b"\x00\x80\x80\x00\xf8\x80\x80\x00", BREAK)
        if listener.finder.found is None:
            break
    assert listener.finder.state is BaudFinderState.SEARCHING
