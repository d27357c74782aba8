"""One row of a dump that prints numbers, or characters and escapes."""

import pytest

from sniffer.formats.text_files.dumps.dump_numbers import (
    BINARY,
    CHARACTERS,
    DECIMAL,
    HEXADECIMAL,
    OCTAL,
    NumberForm,
    is_octal_byte,
    parse_numbers,
)


@pytest.mark.parametrize(
    ("text", "form", "data"),
    [
        (" ddbb 3200", NumberForm(2, HEXADECIMAL), "bbdd0032"),
        (" ddbb 3200", NumberForm(2, HEXADECIMAL, is_big=True), "ddbb3200"),
        (" 320000bb       c4  ...2.", NumberForm(4, HEXADECIMAL), "bb000032c4"),
        (" -69 0 187", NumberForm(1, DECIMAL), "bb00bb"),
        (" -17733", NumberForm(2, DECIMAL), "bbba"),
        (" 273 000", NumberForm(1, OCTAL), "bb00"),
        (" 10111011 00000001", NumberForm(1, BINARY), "bb01"),
        (r" 273  \0  \n   Y    ", NumberForm(1, CHARACTERS), "bb000a5920"),
    ],
)
def test_a_row_is_read(text: str, form: NumberForm, data: str) -> None:
    found = parse_numbers(text, form)
    assert found
    assert found.data.hex() == data


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", NumberForm(2, HEXADECIMAL)),
        (" ddbb hello", NumberForm(2, HEXADECIMAL)),
        (" 256", NumberForm(1, DECIMAL)),
        (" -129", NumberForm(1, DECIMAL)),
        (" 400", NumberForm(1, OCTAL)),
        (" nul   2", NumberForm(1, CHARACTERS)),
        (" 477", NumberForm(1, CHARACTERS)),
        (" ;", NumberForm(1, CHARACTERS)),
    ],
)
def test_any_other_text_is_no_row(text: str, form: NumberForm) -> None:
    assert parse_numbers(text, form) is None


def test_a_byte_in_octal_is_at_most_377() -> None:
    assert [is_octal_byte(text) for text in ("377", "400", "008")] == [True, False, False]
