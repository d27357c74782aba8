"""The parser of a command: its help, and its error messages."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.cli.options.parser import TEXT_WIDTH, build_parser


def format_epilog(epilog: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    return build_parser("dump", "about", epilog).format_help().partition("and exit\n\n")[2]


def test_lines_of_a_description_make_a_paragraph() -> None:
    text = build_parser("dump", "Print a session,\nline by line.").format_help()
    assert text.startswith("usage: evse-sniff dump ")
    assert "\n\nPrint a session, line by line.\n\n" in text


def test_indented_lines_of_an_epilog_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    epilog = "To install\nit:\n  make tidy &&\n    make all, which is longer than the line\nThe end.\n\nMore."
    text = format_epilog(epilog, 30, monkeypatch)
    assert text == "To install it:\n  make tidy &&\n    make all, which is longer than the line\nThe end.\n\nMore.\n"


def test_the_second_column_of_an_epilog_is_wrapped_within_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    epilog = "exit status:\n  0   all is well\n  12  the link is lost, or the fault stays"
    text = format_epilog(epilog, 30, monkeypatch)
    assert text == "exit status:\n  0   all is well\n  12  the link is lost, or\n      the fault stays\n"


def test_a_paragraph_is_no_wider_than_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, format_epilog("word " * 100, 300, monkeypatch).splitlines())) == TEXT_WIDTH - 4


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
