"""The notations of bytes in cells."""

import pytest

from sniffer.formats.text_files.tables.cell_forms import CellForm, find_form, show_bytes


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["0xBB", "00 32", "BB 00 00 32  06 59"], CellForm.HEX),
        (["187", "50", "0"], CellForm.DECIMAL),
        (["0b10111011"], CellForm.BINARY),
        (["Y", "'187'", "COMMA", r"\xBB", r"\r (0x0D)", "' ' (0x20)", r"\0 (0x00)"], CellForm.CHARACTER),
        (["a word"], None),
        ([""], None),
    ],
)
def test_all_cells_of_a_column_have_one_form(cells: list[str], form: CellForm | None) -> None:
    assert find_form(cells) is form


@pytest.mark.parametrize(
    ("cell", "form", "shown"),
    [
        ("BB 00  32 06", CellForm.HEX, "BB 00 32 06"),
        ("hBB", CellForm.HEX, "BB"),
        ("187", CellForm.DECIMAL, "bb"),
        ("300", CellForm.DECIMAL, ""),
        ("0b10111011", CellForm.BINARY, "bb"),
        ("SPACE", CellForm.CHARACTER, "20"),
        (r"\r (0x0D)", CellForm.CHARACTER, "0D"),
        ("'187'", CellForm.CHARACTER, "bb"),
        ("two", CellForm.CHARACTER, ""),
    ],
)
def test_bytes_are_shown_in_hexadecimal(cell: str, form: CellForm, shown: str) -> None:
    assert show_bytes(cell, form) == shown
