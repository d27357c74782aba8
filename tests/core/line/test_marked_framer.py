"""Line errors of reads that cut frames anywhere: which frames and noise they belong to, and where."""

from sniffer.core.line.marked_framer import MarkedFramer
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD

FRAME = PWRBOARD.build(COM_TO_PWR.head, 1, 0x32, b"\1\2\3")
PARITY, BREAK = LineError.PARITY, LineError.BREAK


def read(framer: MarkedFramer, data: bytes, *marks: tuple[int, LineError]) -> list[list[tuple[int, LineError]]]:
    """Return the line errors of each item that a read with these marks completes."""
    if marks:
        framer.add_marks([LineErrorMark(*mark) for mark in marks])
    return [[(mark.at, mark.error) for mark in framer.take_marks(len(one.raw))] for one in framer.framer.feed(data)]


def test_marks_belong_to_the_frame_whose_bytes_they_are() -> None:
    framer = MarkedFramer(Framer())
    assert read(framer, FRAME + FRAME, (2, PARITY), (len(FRAME), BREAK)) == [[(2, PARITY)], [(0, BREAK)]]
    assert not framer.marks


def test_a_mark_waits_with_the_bytes_of_its_frame() -> None:
    framer = MarkedFramer(Framer())
    assert read(framer, FRAME + FRAME[:4], (len(FRAME) + 3, PARITY)) == [[]]
    assert read(framer, FRAME[4:], (1, BREAK)) == [[(3, PARITY), (5, BREAK)]]


def test_marks_count_from_the_bytes_that_wait() -> None:
    framer = MarkedFramer(Framer())
    assert read(framer, FRAME[:4]) == []
    assert read(framer, FRAME[4:] + b"\0" * 300, (0, PARITY))[0] == [(4, PARITY)]
