"""A frame after which text recognition printed what is no part of it."""

import pytest

from sniffer.core.mending.frame_beginning import mend_beginning
from sniffer.core.mending.frame_mender import Outcome
from sniffer.core.wire.links import DBUS, PWRBOARD
from tests.known_frames import KNOWN_FRAMES

KNOWN = {known.raw for known in KNOWN_FRAMES}
TEXT = "AA 00 54 2C 04 OO 00 02 00 9E 6E"


@pytest.mark.parametrize("after", [" . :", " ee a o", " |", " 00 0O Se", " - E . : A oe tg oe 2 None 2"])
def test_what_stands_after_a_frame_is_left_out(after: str) -> None:
    outcome = mend_beginning(TEXT + after + " Se ee", PWRBOARD, b"\xaa")
    [found] = outcome.found
    assert found.raw in KNOWN
    assert found.characters[0].read == "O"
    assert (found.characters[-1].read, found.characters[-1].mended) == (f"{after} Se ee".strip(), "")
    assert found.characters[-1].at == len(TEXT) + 1


def test_the_words_of_a_frame_may_be_joined_or_cut() -> None:
    outcome = mend_beginning("FF GA A664 41.00 04 [00 00) F175 a se ee y oe", DBUS, b"\xff\x6a\xa6")
    assert [found.raw in KNOWN for found in outcome.found] == [True]


@pytest.mark.parametrize("text", [TEXT, f"{TEXT} .", "AA 00 54 2C 04 ee a o", "", "AA", "ee a o a e ee o a e oe"])
def test_a_text_that_is_no_longer_than_a_frame_says_is_left(text: str) -> None:
    assert mend_beginning(text, PWRBOARD, b"\xaa") == Outcome((), 0)
