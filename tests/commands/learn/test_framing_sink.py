"""The bytes in which frames are looked for: those of a session, by tap, and not too many."""

from sniffer.commands.learn.framing_sink import FramingSink
from sniffer.core.discovery.framing_finder import BYTES_SEARCHED
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Reception
from tests.core.discovery.protocols import make_session


def noise(data: bytes, tap: int = 0) -> Record:
    return Record(1, Noise(Reason.GARBAGE, None, data), reception=Reception(tap) if tap else None)


def test_frames_are_found_whatever_they_were_taken_for() -> None:
    data, truth = make_session(3)
    sink = FramingSink()
    sink.receive([noise(data[at : at + 100]) for at in range(0, len(data), 100)])
    assert sink.read == len(data)
    assert sink.find()[0].heads == truth.heads


def test_the_bytes_of_two_taps_are_kept_apart() -> None:
    data, truth = make_session(3)
    half = len(data) // 2
    sink = FramingSink()
    for at in range(0, half, 7):
        sink.receive([noise(data[at : min(at + 7, half)], 1), noise(data[half + at : half + at + 7], 2)])
    sink.receive([noise(data[2 * half :], 2)])
    assert sink.find()[0].heads == truth.heads


def test_no_more_bytes_are_kept_than_are_searched() -> None:
    sink = FramingSink()
    sink.receive([noise(bytes(BYTES_SEARCHED))] * 3)
    assert sink.read == 3 * BYTES_SEARCHED
    assert sink.find() == []
