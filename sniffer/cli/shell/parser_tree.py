"""The parsers of all commands as one tree, from which completions and the man page are made.

Each command builds its parser where it runs. So a command is run with words that request its parser, and ends there.
"""

import argparse
from collections.abc import Iterator, Mapping

from sniffer.cli.main import COMMANDS, import_run
from sniffer.cli.options.parser import ParserBuilt, ParserRequest

PROGRAM = "evse-sniff"
SCREEN = "watch"
"""The module of the screen, which has no name on the command line."""


def parser_of(name: str) -> argparse.ArgumentParser:
    """Return the parser of the command, or that of the screen."""
    try:
        import_run(name)(ParserRequest())
    except ParserBuilt as built:
        return built.parser
    raise AssertionError(f"{name} ran without parsing its words")


def parsers_by_name() -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of all commands by their names."""
    return {name: parser_of(name) for name in COMMANDS}


def build_tree(commands: Mapping[str, argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Return the parser of the program, with the options of the screen and these commands.

    It lacks the SOURCE of the screen, which would hide the commands.
    """
    screen = parser_of(SCREEN)
    root = argparse.ArgumentParser(prog=PROGRAM, description=screen.description, add_help=False)
    for action in screen._actions:
        if action.option_strings:
            root._add_action(action)
    subparsers = root.add_subparsers(metavar="COMMAND", parser_class=_return_parser)  # type: ignore[call-overload]  # not a class
    for name, parser in commands.items():
        subparsers.add_parser(name, parser=parser, help=summary_of(parser))
    return root


def summary_of(parser: argparse.ArgumentParser) -> str:
    """Return the first line of the description of a command."""
    return (parser.description or "").partition("\n")[0]


def iterate_arguments(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the options and positional arguments of a command, without `--help`."""
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            yield action


def list_subparsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers of the words that a command itself has as commands, such as those of `lake`."""
    return [
        one
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for one in action.choices.values()
    ]


def _return_parser(*, parser: argparse.ArgumentParser, **_: object) -> argparse.ArgumentParser:
    """Return the parser that a command has built already."""
    return parser
