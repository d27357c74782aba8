"""The options of triggers that several commands share: `--exec`, `--exec-shell` and `--exec-every`."""

import argparse
from collections.abc import Callable, Sequence

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.options.filter_argument import compile_filter_argument
from sniffer.cli.options.value_parsers import number_parser
from sniffer.cli.output import print_prefixed

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone
    from sniffer.triggers.command_trigger import CommandTrigger

    ExecRule = tuple[Filter, str | Sequence[str]]
    """One `--exec`: the filter and what to run, as words or as a line for a shell."""

EXEC_INTERVAL = 5.0
"""The least time in seconds between two starts of a command, unless `--exec-every` is given."""


def add_exec(parser: argparse._ActionsContainer) -> None:
    """Add the options that run a command at records that match."""
    parser.add_argument(
        "--exec",
        nargs=2,
        action="append",
        default=[],
        metavar=("EXPR", "COMMAND"),
        help="run COMMAND at a record that matches EXPR, with the record as JSON on its standard input; repeatable",
    )
    parser.add_argument("--exec-shell", action="store_true", help="run the commands of --exec in a shell")
    parser.add_argument(
        "--exec-every",
        type=number_parser(float),
        default=EXEC_INTERVAL,
        metavar="SECONDS",
        help="start the command of --exec at most once in this time (default 5)",
    )


def parse_exec_rules(
    parser: argparse.ArgumentParser, options: argparse.Namespace, definition: "Definition", zone: "Zone"
) -> "list[ExecRule]":
    """Return the triggers of `--exec`. A wrong filter or a command that is not there is wrong usage."""
    return [
        (compile_filter_argument(text, definition, zone), _parse_command(parser, command, in_shell=options.exec_shell))
        for text, command in options.exec
    ]


def build_command_triggers(
    rules: Sequence["ExecRule"],
    options: argparse.Namespace,
    definition: "Definition",
    zone: "Zone",
    *,
    report: Callable[[str], None] | None = None,
) -> list["CommandTrigger"]:
    """Return the triggers of these rules.

    `report` is called with the first failure of each command; without it, failures and the output of the commands go to
    standard error.
    """
    if not rules:
        return []
    from sniffer.formats.jsonl.writer import build_whole_object
    from sniffer.triggers.child_process import ChildProcess
    from sniffer.triggers.command_trigger import CommandTrigger
    from sniffer.triggers.start_limit import StartLimit

    return [
        CommandTrigger(
            record_filter,
            ChildProcess(command, is_shown=report is None),
            StartLimit(options.exec_every),
            lambda record: build_whole_object(record, definition, zone()),
            report or print_prefixed,
        )
        for record_filter, command in rules
    ]


def print_summaries(triggers: Sequence["CommandTrigger"], *, is_quiet: bool) -> None:
    """Print what each command did not do as often as its filter matched. With `is_quiet`, nothing is printed."""
    for trigger in triggers:
        if trigger.summary and not is_quiet:
            print_prefixed(trigger.summary)


def _parse_command(parser: argparse.ArgumentParser, text: str, *, in_shell: bool) -> str | Sequence[str]:
    """Return the command as words, or as it is for a shell."""
    import shlex
    import shutil

    from sniffer.base.platform import IS_POSIX

    if not text.strip():
        parser.error("argument --exec: the command is empty: name the program to run")
    if in_shell:
        return text
    try:
        words = shlex.split(text, posix=IS_POSIX)
    except ValueError as error:
        parser.error(f"argument --exec: {text}: {error}")
    if not words or shutil.which(words[0]) is None:
        parser.error(f"argument --exec: {text}: there is no such command; with --exec-shell it is run in a shell")
    return words
