"""The division of rows into cells."""

from sniffer.formats.text_files.tables.row_layout import RowLayout, find_delimiter, find_ruler

RULED = ["Name  Data         Note", "----  -----------  ----", "RX    BB 00 00 32  ok", " COM1 AA", "", "x"]


def test_the_delimiter_is_the_one_that_the_names_have_most_of() -> None:
    assert find_delimiter("Time;Data;Note, if any") == RowLayout(";")
    assert find_delimiter("Time,Data").divide('1,"BB, DD"') == ["1", "BB, DD"]


def test_a_line_of_dashes_shows_where_columns_begin() -> None:
    found = find_ruler(["a preamble", *RULED])
    assert found == (1, RowLayout(starts=(0, 6, 19)))
    _, layout = found or (0, RowLayout())
    assert layout.divide(RULED[2]) == ["RX", "BB 00 00 32", "ok"]
    assert layout.divide(RULED[1]) == []
    assert find_ruler(["--- 1 ---", "BB 00"]) is None


def test_a_cell_may_begin_before_its_column() -> None:
    layout = RowLayout(starts=(0, 8))
    assert layout.divide("0000  1024") == ["0000", "1024"]


def test_a_text_of_a_spreadsheet_is_without_its_sign() -> None:
    assert RowLayout(",").divide('1,"=""BB 00"""') == ["1", "BB 00"]
