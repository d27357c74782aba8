"""Records have other numbers in a file than in the session."""

from sniffer.recording.rotation import Numbering


def test_a_file_that_begins_with_the_session_counts_like_it() -> None:
    numbering = Numbering().with_more(1, 5, gap=False).with_more(6, 2, gap=False)
    assert [numbering.find(number) for number in range(9)] == [None, 1, 2, 3, 4, 5, 6, 7, None]


def test_a_later_file_begins_at_one() -> None:
    numbering = Numbering().with_more(101, 2, gap=False)
    assert [numbering.find(number) for number in (100, 101, 102, 103)] == [None, 1, 2, None]


def test_a_gap_is_one_record_and_what_it_stands_for_is_none() -> None:
    numbering = Numbering().with_more(1, 2, gap=False).with_more(100, 2, gap=True)
    assert [numbering.find(number) for number in (2, 3, 99, 100, 101)] == [2, None, None, 4, 5]


def test_notes_between_records_change_nothing() -> None:
    numbering = Numbering().with_more(1, 2, gap=False).with_more(3, 0, gap=False).with_more(3, 1, gap=False)
    assert numbering.find(3) == 3
    assert len(numbering.runs) == 1
