"""Numbers with their nouns."""

from sniffer.base.phrasing import format_count, format_times


def test_count_takes_the_plural_unless_it_is_one() -> None:
    counts = [format_count(number, "row") for number in (0, 1, 2, 1200)]
    assert counts == ["0 rows", "1 row", "2 rows", "1,200 rows"]


def test_plural_is_formed_before_of_or_stated() -> None:
    assert format_count(1, "piece of noise") == "1 piece of noise"
    assert format_count(2, "piece of noise") == "2 pieces of noise"
    assert format_count(2, "frame was", "frames were") == "2 frames were"
    assert format_count(1, "frame was", "frames were") == "1 frame was"


def test_a_number_of_times_is_in_words() -> None:
    assert [format_times(number) for number in (1, 2, 1500)] == ["once", "2 times", "1,500 times"]
