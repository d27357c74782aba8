"""The readings of one alignment: counted exactly, and found by their CRC without being built."""

import random
from itertools import product

import pytest

from sniffer.core.mending.alignments import find_alignments
from sniffer.core.mending.confusions import packaged_table
from sniffer.core.mending.expected_commands import ExpectedCommands
from sniffer.core.mending.page_glyphs import PageGlyphs
from sniffer.core.mending.readings import SPREAD, Readings
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.links import DBUS, PWRBOARD
from tests.known_frames import KNOWN_FRAMES
from tests.thoroughness import repetitions

TABLE = packaged_table()


def readings_of(text: str, link=PWRBOARD, head=b"\xbb") -> Readings:
    return Readings(text, find_alignments(text, TABLE)[0], link, head, PageGlyphs(TABLE), ExpectedCommands())


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_the_cheapest_reading_of_a_clean_frame_is_the_frame(known):
    link = DBUS if known.link == "dbus" else PWRBOARD
    readings = readings_of(known.text, link, known.head)
    assert readings.cost == 0
    assert [one.raw for one in readings.find_valid(0)] == [known.raw]


@pytest.mark.slow
@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_any_one_wrong_digit_after_the_length_is_found_at_its_cost(known):
    link = DBUS if known.link == "dbus" else PWRBOARD
    first = 2 * link.payload_at
    places = [at for at, one in enumerate(known.text) if one not in " []"][first:]
    for at in random.Random(3).sample(places, min(len(places), repetitions(2, len(places)))):
        wrong = "0" if known.text[at] != "0" else "E"
        readings = readings_of(f"{known.text[:at]}{wrong}{known.text[at + 1 :]}", link, known.head)
        found = [one.raw for cost in range(SPREAD) for one in readings.find_valid(readings.cost + cost)]
        assert known.raw in found


def test_all_readings_of_unknown_glyphs_are_counted_and_the_valid_ones_found():
    text = "BB A☃ C0 01 0B 01 01 06 00 00 00 00 00 09 2☃ 25 ☃7 B0"
    readings = readings_of(text)
    wanted = []
    for digits in product("0123456789ABCDEF", repeat=3):
        raw = bytes.fromhex("".join(text.replace("☃", "{}")).format(*digits))
        if crc16(raw[:-2]) == int.from_bytes(raw[-2:], "big"):
            wanted.append(raw)
    assert readings.count(readings.cost) == 16**3
    assert sorted(one.raw for one in readings.find_valid(readings.cost)) == sorted(wanted)
    assert bytes.fromhex("BB A9 C0 01 0B 01 01 06 00 00 00 00 00 09 2E 25 77 B0") in wanted


def test_nothing_is_counted_beyond_the_spread():
    readings = readings_of("BB 00 06 0B 02 00 00 EF 3B")
    assert readings.count(readings.cost - 1) == readings.count(readings.cost + SPREAD + 1) == 0
    assert readings.count(readings.cost) == 1


def test_a_head_or_a_length_that_does_not_fit_costs_its_misreading():
    assert readings_of("BB 00 06 0B 02 00 00 EF 3B").cost == 0
    assert readings_of("B8 00 06 0B 02 00 00 EF 3B").cost > 0
    assert readings_of("BB 00 06 0B 03 00 00 EF 3B").cost > 0


def test_the_mass_is_the_sum_of_the_likelihoods_of_all_readings():
    readings = readings_of("BB 00 06 0B 02 00 00 EF 3☃")
    likelihoods = sum(readings.count(readings.cost + extra) * 2.0**-extra for extra in range(SPREAD + 1))
    assert readings.mass == pytest.approx(2.0**-readings.cost * likelihoods, rel=0.01)


def test_what_was_misread_in_the_head_likely_is_so_in_the_whole_frame():
    plain, misread = (readings_of(f"{head} 88 06 0B 02 00 00 EF 3B") for head in ("BB", "B8"))
    assert plain.count(plain.cost + 2) == 0
    assert misread.count(misread.cost + 2) > 0


def test_bytes_that_are_no_frame_of_the_link_are_refused():
    with pytest.raises(ValueError, match="no frame has 3 bytes"):
        readings_of("BB 00 06")
