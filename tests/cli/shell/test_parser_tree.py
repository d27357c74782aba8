"""The parsers of all commands as one tree."""

import pytest

from sniffer.cli.main import COMMANDS
from sniffer.cli.options.parser import ParserBuilt, ParserRequest, build_parser
from sniffer.cli.shell.parser_tree import (
    SCREEN,
    build_tree,
    iterate_arguments,
    list_subparsers,
    parser_of,
    parsers_by_name,
    summary_of,
)


def test_every_command_gives_its_parser_without_running() -> None:
    parsers = parsers_by_name()
    assert [*parsers] == [*COMMANDS]
    assert [parser.prog for parser in parsers.values()] == [f"evse-sniff {name}" for name in COMMANDS]
    assert parser_of(SCREEN).prog == "evse-sniff"


def test_a_request_ends_a_command_where_it_would_parse() -> None:
    parser = build_parser("x", "About x.\nMore.")
    with pytest.raises(ParserBuilt) as built:
        parser.parse_args(ParserRequest())
    assert built.value.parser is parser
    assert summary_of(parser) == "About x."


def test_the_tree_has_the_options_of_the_screen_and_all_commands() -> None:
    tree = build_tree(parsers_by_name())
    assert "--baud" in tree.format_help()
    assert tree.parse_args(["--no-record"]).no_record
    options = tree.parse_args(["dump", "demo", "--json"])
    assert (options.sources, options.json) == (["demo"], True)
    assert all(
        summary_of(parser) in tree.format_help().replace("\n" + " " * 24, " ") for parser in [parser_of("doctor")]
    )


def test_arguments_are_listed_without_help() -> None:
    names = [action.dest for action in iterate_arguments(parser_of("doctor"))]
    assert names == ["port", "baud"]


def test_the_commands_of_a_command_have_parsers_of_their_own() -> None:
    parsers = list_subparsers(parser_of("lake"))
    assert [parser.prog for parser in parsers] == [f"evse-sniff lake {name}" for name in ("add", "sql", "report")]
    assert list_subparsers(parser_of("doctor")) == []
