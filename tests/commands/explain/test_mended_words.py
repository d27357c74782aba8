"""`explain --mend` explains a misread word by the word that it was, or lists its readings if there are several."""

import pytest

from sniffer.commands.explain.mended_words import describe_mending, mend_words
from sniffer.core.protocol.loader import packaged_definition

VOLTAGES = "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC"


@pytest.mark.parametrize(
    ("read", "explained"),
    [
        ("BB DD DD 32 06 59 2A 59 €8 59 AD €B BC", VOLTAGES),
        ("<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC", f"<=pwrboard:{VOLTAGES}"),
        ("pwrCom error Code yol:4,8,9", "pwrCom error Code vol:4,8,9"),
    ],
)
def test_misread_words_are_mended(read, explained):
    words, mended = mend_words(read.split(), packaged_definition())
    assert list(words) == [explained]
    assert mended
    assert "assumed" in describe_mending(mended)


@pytest.mark.parametrize("read", [VOLTAGES, "icomCode = 4,index=3", "14,2097672", "0x200208", "Under voltage"])
def test_what_reads_well_is_left(read):
    assert mend_words([read], packaged_definition()) == ([read], None)


def test_several_readings_are_listed():
    words, mended = mend_words(["BB DD DD 32 06 ☃9 2A ☃9 68 59 AD 6B BC"], packaged_definition())
    assert words == ["BB DD DD 32 06 ☃9 2A ☃9 68 59 AD 6B BC"]
    assert mended
    assert describe_mending(mended).count("\n") == 2
