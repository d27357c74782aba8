"""The options that several commands share."""

import argparse
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.cli.options import (
    add_baud,
    add_definition,
    add_source,
    build_parser,
    number_parser,
    parse_seconds,
    parse_size,
)
from sniffer.core.line.usual_rates import ASSUMED_BAUD


def parse(*words: str) -> argparse.Namespace:
    parser = build_parser("dump", "about")
    add_source(parser)
    return parser.parse_args(list(words))


def test_defaults_of_a_source() -> None:
    options = parse("a", "b")
    assert (options.sources, options.baud, options.follow, options.idle, options.definition) == (
        ["a", "b"],
        None,
        False,
        None,
        [],
    )


def test_options_of_a_source() -> None:
    options = parse("a", "--baud", "9600", "--follow", "--idle", "0.5", "--definition", "x", "--definition", "y")
    assert (options.baud, options.follow, options.idle, options.definition) == (9600, True, 0.5, ["x", "y"])
    assert (options.longest_dbus, parse("a", "--longest-dbus", "4096").longest_dbus) == (None, 4096)
    assert parse("a", "--baud", "auto").baud is None


def test_a_source_is_needed_unless_a_list_can_be_shown() -> None:
    with pytest.raises(SystemExit, match="2"):
        parse()
    parser = build_parser("", "about")
    add_source(parser, needed=False)
    assert parser.parse_args([]).sources == []
    assert "without it, a list to choose from is shown" in " ".join(parser.format_help().split())
    assert parser.prog == "evse-sniff"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "--defintion", "x"], "unrecognized arguments: --defintion x: did you mean --definition?"),
        (["a", "--defintion=x"], "did you mean --definition?"),
        (["a", "-x", "--folow"], "unrecognized arguments: -x --folow: did you mean --follow?"),
        (["a", "--frequency"], "unrecognized arguments: --frequency\n"),
        (["a", "--baud", "0"], "0 is not greater than zero"),
        (["a", "--baud", "fast"], "fast is neither a whole number nor auto"),
        (["a", "--idle", "-1"], "-1 is not greater than zero"),
        (["a", "--longest-dbus", "0"], "0 is not greater than zero"),
        (["a", "--idle", "inf"], "inf is not greater than zero"),
        (["a", "--idle", "nan"], "nan is not greater than zero"),
        (["a", "--idle", "soon"], "soon is no number"),
    ],
)
def test_a_number_must_be_greater_than_zero(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(*words)
    assert message in capsys.readouterr().err


def test_numbers_have_the_type_of_their_option() -> None:
    assert number_parser(int)("3") == 3
    assert number_parser(float)("0.001") == 0.001


def test_a_simulator_has_a_fixed_rate() -> None:
    parser = build_parser("simulate", "about")
    add_baud(parser, "rate")
    add_definition(parser)
    assert parser.parse_args([]).baud == ASSUMED_BAUD == 115200
    assert parser.parse_args(["--baud", "9600"]).baud == 9600
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(["--baud", "auto"])


def test_texts_are_printed_line_by_line() -> None:
    text = build_parser("dump", "one\ntwo", "three\n  four").format_help()
    assert "\none\ntwo\n" in text
    assert text.endswith("three\n  four\n")
    assert text.startswith("usage: evse-sniff dump ")


def test_an_error_message_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse("a", "--\x1b[31m")
    assert "\\x1b[31m" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "size"),
    [("1GB", 10**9), ("500mb", 500 * 10**6), ("1.5 GB", 1_500_000_000), ("64k", 64_000), ("2T", 2 * 10**12), ("7", 7)],
)
def test_a_size_has_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "GB", "-1GB", "1XB", "1..5GB", "1 G B", "nan", "0.0001"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no size"):
        parse_size(text)


def test_a_time_may_be_zero_and_is_a_number() -> None:
    assert [parse_seconds(text) for text in ("0", "30", "0.5")] == [0, 30, 0.5]
    for text in ("-1", "inf", "nan"):
        with pytest.raises(argparse.ArgumentTypeError, match="is no time in seconds"):
            parse_seconds(text)


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
