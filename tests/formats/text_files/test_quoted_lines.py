"""Lines that a mail or a chat quotes."""

import pytest

from sniffer.formats.text_files.quoted_lines import are_quoted, unquote


@pytest.mark.parametrize(
    ("lines", "is_quoted"),
    [
        (["> BB DD", "> 32"], True),
        (["Jo wrote:", "", "> BB DD", ">", "> 32"], True),
        (["> BB DD", "< 32"], False),
        (["> BB DD"], False),
        (["hello", "> BB DD", "> 32"], False),
        ([], False),
    ],
)
def test_all_lines_are_quoted_or_name_the_writer(lines: list[str], *, is_quoted: bool) -> None:
    assert are_quoted(lines) is is_quoted


def test_the_mark_is_left_out() -> None:
    assert [unquote(line) for line in ("> BB DD", ">> BB", "> > BB", ">", ">BB", "BB")] == [
        *["BB DD", "BB", "BB", "", ">BB", "BB"]
    ]
