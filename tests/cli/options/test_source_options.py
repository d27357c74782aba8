"""The options of a source: their defaults, their values, and what is refused."""

import argparse

import pytest

from sniffer.cli.options.mend_option import add_mend
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_baud, add_definition, add_source
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


def test_the_help_lists_how_a_session_is_read_after_the_options_of_the_command() -> None:
    parser = build_parser("dump", "about")
    add_mend(add_source(parser))
    parser.add_argument("--json")
    own, _, reading = parser.format_help().partition("\nhow the session is read:\n")
    assert "\n  --json JSON" in own
    assert ("\n  --follow" in reading, "\n  --mend" in reading, "--definition FILE|BOARD\n" in reading) == (True,) * 3


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
        (["a", "--baud", "0"], "0 must be greater than zero"),
        (["a", "--baud", "fast"], "fast is neither a whole number nor auto"),
        (["a", "--idle", "-1"], "-1 must be greater than zero"),
        (["a", "--longest-dbus", "0"], "0 must be greater than zero"),
        (["a", "--idle", "inf"], "inf must be greater than zero"),
        (["a", "--idle", "nan"], "nan must be greater than zero"),
        (["a", "--idle", "soon"], "soon is not a number"),
    ],
)
def test_a_number_must_be_greater_than_zero(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(*words)
    assert message in capsys.readouterr().err


def test_a_simulator_has_a_fixed_rate() -> None:
    parser = build_parser("simulate", "about")
    add_baud(parser, "rate")
    add_definition(parser)
    assert parser.parse_args([]).baud == ASSUMED_BAUD == 115200
    assert parser.parse_args(["--baud", "9600"]).baud == 9600
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(["--baud", "auto"])
