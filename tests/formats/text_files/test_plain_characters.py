"""Characters that web pages, chats and word processors put in place of those of ASCII."""

import pytest

from sniffer.formats.text_files.plain_characters import to_plain


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("RX:\xa0BB\u2009DD", "RX: BB DD"),
        ("ＢＢ\u3000ＤＤ", "BB DD"),  # noqa: RUF001
        ("\u201cBB DD\u201d", '"BB DD"'),
        ("RX \u2013 BB", "RX - BB"),
        ("\u2022 BB \u200bDD\u200e", "* BB DD"),
        ("BB \xadDD", "BB DD"),
        ("\u250200000000\u2502 bb", "|00000000| bb"),
        ("45 °C", "45 °C"),
        ("BB DD", "BB DD"),
    ],
)
def test_similar_characters_become_those_of_ascii(line: str, plain: str) -> None:
    assert to_plain(line) == plain
