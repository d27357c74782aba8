"""The parser of a command: its help, and its error messages."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.cli.options.parser import build_parser


def test_texts_are_printed_line_by_line() -> None:
    text = build_parser("dump", "one\ntwo", "three\n  four").format_help()
    assert "\none\ntwo\n" in text
    assert text.endswith("three\n  four\n")
    assert text.startswith("usage: evse-sniff dump ")


def test_an_error_message_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        build_parser("dump", "about").parse_args(["--\x1b[31m"])
    assert "\\x1b[31m" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--defintion", "x"], "unrecognized arguments: --defintion x: did you mean --definition?"),
        (["--defintion=x"], "did you mean --definition?"),
        (["-x", "--folow"], "unrecognized arguments: -x --folow: did you mean --follow?"),
        (["--frequency"], "unrecognized arguments: --frequency (see"),
    ],
)
def test_a_mistyped_option_is_corrected(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = build_parser("dump", "about")
    parser.add_argument("--definition")
    parser.add_argument("--follow", action="store_true")
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(words)
    assert message in capsys.readouterr().err


def test_wrong_usage_is_one_line_that_leads_to_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    parser = build_parser("dump", "about")
    parser.add_argument("source", metavar="SOURCE")
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args([])
    expected = "evse-sniff dump: the following arguments are required: SOURCE (see `evse-sniff dump --help`)\n"
    assert capsys.readouterr().err == expected


@given(st.lists(st.text("ab-", min_size=1, max_size=30), min_size=1), st.integers(60, 120))
def test_help_is_wrapped_as_the_library_wraps_text_at_spaces(words: list[str], columns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        parser = build_parser("dump", "about")
    parser.add_argument("--option", help=" ".join(words))
    lines = parser.format_help().partition("options:\n")[2].splitlines()
    place = lines[0].index("show this help")
    wrapped = textwrap.wrap(" ".join(words), columns - 2 - place, break_on_hyphens=False, break_long_words=False)
    assert [line[place:] for line in lines[1:]] == wrapped
