"""One page: what is set for a record is read again, and a column that is not needed is not there."""

from sniffer.history.records.page import NO_RECORD, PAGE_SIZE, UNNUMBERED, UNTIMED, Page


def page_of(*pieces: bytes) -> Page:
    page = Page()
    for piece in pieces:
        page.blob += piece
        page.ends.append(len(page.blob))
    return page


def test_bytes_of_each_record_are_cut_out() -> None:
    page = page_of(b"abc", b"", b"de")
    assert [page.bytes_at(index) for index in range(3)] == [b"abc", b"", b"de"]
    assert [page.extra_at(index) for index in range(3)] == [b"", b"", b""]
    assert page.extra_sizes is None


def test_extra_bytes_stand_after_the_bytes_of_their_record() -> None:
    page = page_of(b"abcXY", b"de")
    page.set_extra_size(0, 2)
    assert [page.bytes_at(index) for index in range(2)] == [b"abc", b"de"]
    assert [page.extra_at(index) for index in range(2)] == [b"XY", b""]


def test_other_records_have_no_line_number() -> None:
    page = Page()
    assert page.lines is None
    page.set_line(1, 7)
    page.set_line(2, 9)
    assert page.lines is not None
    assert [*page.lines[:4]] == [UNNUMBERED, 7, 9, UNNUMBERED]
    assert len(page.lines) == PAGE_SIZE


def test_reference_without_a_delay_is_untimed() -> None:
    page = Page()
    page.set_reference(0, 2, 11, 500)
    page.set_reference(1, 1, 12, None)
    page.set_reference(3, 3, 13, 0)
    assert page.reference_kinds is not None
    assert page.targets is not None
    assert page.delays is not None
    assert [*page.reference_kinds[:4]] == [2, 1, 0, 3]
    assert [*page.targets[:4]] == [11, 12, NO_RECORD, 13]
    assert [*page.delays[:4]] == [500, UNTIMED, UNTIMED, 0]


def test_first_answer_stands() -> None:
    page = Page()
    page.set_answer(0, 5)
    page.set_answer(0, 6)
    page.set_answer(1, 7)
    assert page.answers is not None
    assert [*page.answers[:3]] == [5, 7, NO_RECORD]


def test_full_page_does_not_grow() -> None:
    page = page_of(b"abc")
    page.close()
    assert type(page.blob) is bytes
    assert page.bytes_at(0) == b"abc"


def test_packed_page_comes_out_as_it_went_in() -> None:
    page = page_of(b"abcXY", b"de")
    page.set_extra_size(0, 2)
    page.set_rare_kind(1, 300)
    page.set_landmarks(1, 2)
    page.set_events(1)
    page.entry_ends.extend([1, 3])
    page.close()
    again = Page.unpack(page.pack())
    assert [getattr(again, name) for name in Page.__slots__] == [getattr(page, name) for name in Page.__slots__]
    assert (again.has_events(0), again.has_events(1)) == (False, True)
    assert (again.first_entry(0), again.first_entry(1)) == (0, 1)
