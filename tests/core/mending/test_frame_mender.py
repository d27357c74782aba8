"""Mending a frame: the reading that fits, what was mended for it, and how many were tried."""

import pytest

from sniffer.core.mending.frame_mender import LONGEST_TEXT, MOST_READINGS, mend_frame
from sniffer.core.wire.links import DBUS, PWRBOARD
from tests.core.mending.helpers import CUT, RECOGNISED, misread_frames
from tests.known_frames import HEAD_OF_ARROW, KNOWN_FRAMES, LINK_OF_ARROW
from tests.thoroughness import repetitions

KNOWN = {known.name: known.raw for known in KNOWN_FRAMES}


def mend(arrow: str, text: str, **more):
    return mend_frame(text, DBUS if LINK_OF_ARROW[arrow] == "dbus" else PWRBOARD, HEAD_OF_ARROW[arrow], **more)


@pytest.mark.parametrize(("arrow", "text", "name"), RECOGNISED)
def test_recognised_lines_are_mended_to_the_known_frames(arrow, text, name):
    outcome = mend(arrow, text)
    assert [found.raw for found in outcome.found] == [KNOWN[name]]
    assert outcome.tried < 100


@pytest.mark.parametrize(("arrow", "text"), CUT)
def test_a_line_of_which_a_part_is_missing_is_not_mended(arrow, text):
    assert mend(arrow, text).found == ()


def test_it_names_each_mended_character_and_its_place():
    (found,) = mend("<=Dbus", "FF 6A A€ DD DD 00 0S5 [00 2D] 01 DC DB").found
    assert [(one.read, one.mended) for one in found.characters if one.read in "€B"] == [("€", "6"), ("B", "8")]
    extra = [one for one in found.characters if not one.mended]
    assert [one.at for one in extra] in ([19], [20])


def test_a_lost_character_is_named_without_what_was_read():
    (found,) = mend("<=pwrboard", "BB DD DD 32 06 59 2A 59 68 59 AD B BC").found
    assert found.raw == KNOWN["phase voltages"]
    assert [(one.read, one.mended) for one in found.characters] == [("", "6")]


def test_several_readings_that_fit_alike_are_all_found():
    outcome = mend("<=pwrboard", "BB DD DD 32 06 ☃9 2A ☃9 68 59 AD 6B BC")
    assert sorted(found.raw.hex(" ").upper() for found in outcome.found) == [
        "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC",
        "BB DD DD 32 06 99 2A 09 68 59 AD 6B BC",
    ]


def test_over_the_bound_of_readings_nothing_is_mended():
    text = "FF 6A A€ DD DD 00 0S5 [00 2D] 01 DC DB"
    needed = mend("<=Dbus", text).tried
    assert len(mend("<=Dbus", text, most=needed).found) == 1
    outcome = mend("<=Dbus", text, most=needed - 1)
    assert outcome.found == ()
    assert outcome.tried < needed


@pytest.mark.parametrize("after", [" . :", " ee a o", " |", " 00 0O Se", " - E . : A oe tg oe 2 None 2"])
def test_what_stands_after_a_frame_is_left_out(after):
    text = "AA 00 54 2C 04 OO 00 02 00 9E 6E"
    (found,) = mend("=>pwrboard", f"{text}{after} Se ee").found
    assert found.raw == KNOWN["acceptance relay"]
    assert found.characters[0].read == "O"
    assert {one.mended for one in found.characters if one.at > len(text)} == {""}
    assert "".join(one.read for one in found.characters[2:]).replace(" ", "") == f"{after}Seee".replace(" ", "")


def test_the_words_of_a_frame_may_be_joined_or_cut_before_what_stands_after_it():
    (found,) = mend("<=Dbus", "FF GA A664 41.00 04 [00 00) F175 a se ee y oe").found
    assert found.raw == KNOWN["second announcement relay"]


def test_small_letters_are_digits_where_there_are_no_large_ones():
    (found,) = mend("<=pwrboard", "bb dd dd 32 06 59 2a 59 €8 59 ad 6b bc").found
    assert found.raw == KNOWN["phase voltages"]
    assert [(one.read, one.mended) for one in found.characters] == [("€", "6")]


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_cut_frame_is_not_mended_and_few_readings_are_tried(known):
    """The length that it says tells that it is cut: its end is not looked for among thousands of readings."""
    outcome = mend(f"{known.arrow}", known.text.rsplit(" ", 2)[0])
    assert outcome.found == ()
    assert outcome.tried < 1000


def test_a_reading_weighs_as_many_as_are_worth_it_together():
    certain = mend("<=pwrboard", "BB DD DD 32 06 59 2A 59 €8 59 AD €B BC")
    unlikely = mend("<=Dbus", "FF 6A A6 DD DD 00 05 [00 2D] 01 DC 78")
    assert certain.weight <= 8
    assert unlikely.weight > unlikely.tried > certain.tried
    assert [found.raw for found in unlikely.found] == [KNOWN["unasked acceptance request"]]


def test_four_unknown_glyphs_are_too_many_readings():
    outcome = mend("<=pwrboard", "BB DD DD 32 06 5☃ 2☃ 59 ☃8 59 A☃ 6B BC")
    assert outcome.found == ()
    assert outcome.tried <= MOST_READINGS


@pytest.mark.parametrize("text", ["", "   ", "[]", "—" * 40, "€" * (LONGEST_TEXT + 1), "0 " * 500, "€6 1" * 200])
def test_a_text_that_is_no_frame_is_not_mended(text):
    assert mend("<=pwrboard", text).found == ()


@pytest.mark.slow
def test_of_many_misread_frames_nine_in_ten_are_mended_and_few_are_wrong():
    """At most twice as many are wrong as the number of readings over 65,536 predicts."""
    count, wrong, predicted = repetitions(250, 1000), 0, 0.0
    for any_digit in (False, True):
        right = 0
        for misread in misread_frames(count, seed=19, any_digit=any_digit):
            outcome = mend_frame(misread.text, misread.route.link, misread.route.head)
            predicted += outcome.weight / 65536
            if len(outcome.found) == 1:
                right += outcome.found[0].raw == misread.raw
                wrong += outcome.found[0].raw != misread.raw
        assert right >= 0.9 * count
    print(f"wrong {wrong}, predicted {predicted:.1f}")
    assert wrong <= 2 * predicted
