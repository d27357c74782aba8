"""The values that go with a mended line."""

import pytest

from sniffer.core.wire.mended import Mended


@pytest.mark.parametrize(("tried", "chance"), [(0, 0.0), (1, 1 / 65536), (8192, 0.125), (1 << 20, 1.0)])
def test_chance_is_the_share_of_readings_among_all_values_of_the_crc(tried, chance):
    assert Mended("BB", (), tried).chance == chance


def test_words_have_no_chance_because_no_crc_confirms_them():
    assert Mended("Com bool!", (), 18, has_crc=False).chance is None
