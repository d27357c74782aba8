"""The key `mended`: it comes back as it was written."""

import json

import pytest

from sniffer.core.wire.mended import Mended, MendedCharacter
from sniffer.formats.jsonl.mended_keys import build_mended_object, parse_mended

FRAME = Mended("<=pwrboard:BB €1", (MendedCharacter(14, "€", "6"), MendedCharacter(15, "", "1")), 40)
SEVERAL = Mended("BB ☃☃", (), 300, (b"\xbb\x01", b"\xbb\x02"))
WORDS = Mended("Com bool!", (MendedCharacter(7, "l", "t"),), 18, has_crc=False)


@pytest.mark.parametrize("mended", [FRAME, SEVERAL, WORDS])
def test_it_reads_back_as_it_was_written(mended):
    assert parse_mended(json.loads(json.dumps(build_mended_object(mended)))) == mended


def test_it_says_what_was_mended_and_how_certain_it_is():
    assert build_mended_object(FRAME) == {
        "characters": [{"at": 14, "read": "€", "mended": "6"}, {"at": 15, "read": "", "mended": "1"}],
        "tried": 40,
        "chance": 40 / 65536,
        "as_read": "<=pwrboard:BB €1",
        "provenance": "assumed",
    }
    assert build_mended_object(SEVERAL)["readings"] == ["bb01", "bb02"]
    assert build_mended_object(WORDS)["chance"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"characters": 5},
        {"characters": [1]},
        {"tried": -1},
        {"tried": "1"},
        {"as_read": None},
        {"as_read": "\ud800"},
        {"readings": ["x"]},
    ],
)
def test_a_value_that_is_none_is_refused(change):
    with pytest.raises(ValueError, match="does not say how"):
        parse_mended(build_mended_object(FRAME) | change)


@pytest.mark.parametrize("value", [None, 1, [], "text", {}])
def test_a_value_of_another_kind_is_refused(value):
    with pytest.raises(ValueError, match="does not say how"):
        parse_mended(value)
