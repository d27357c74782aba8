"""The entry point: find the command by its name, run it, and turn its errors into an exit status.

In: the arguments of the command line. Out: the exit status: 0 fine, also when interrupted; 1 a source or file cannot be
used, with one line on standard error; 2 wrong usage. Each command has a module of its name with a `run`, which is
imported when it is called, and imports what it needs when it runs, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import takewhile

from sniffer.base.errors import CutOffError, EndingError, ExplainError, OutputError, SnifferError, SourceError
from sniffer.cli.options.parser import USAGE_ERROR
from sniffer.cli.output import discard_output, print_error
from sniffer.simulator.demo_name import DEMO

COMMANDS = {
    "dump": "sessions",
    "record": "sessions",
    "publish": "fleet",
    "convert": "files",
    "explain": "protocol",
    "report": "files",
    "check": "files",
    "status": "sessions",
    "bundle": "files",
    "lake": "fleet",
    "learn": "protocol",
    "simulate": "machine",
    "definition": "protocol",
    "wireshark": "protocol",
    "serve": "sessions",
    "dashboard": "fleet",
    "ports": "machine",
    "doctor": "machine",
    "completion": "shell",
    "help": "shell",
}
"""The folder of each command, by its name. Any other first word is a source to show on the screen."""

FLAGS = ("-q", "--quiet", "-v", "--verbose")
"""The options that may stand before the name of a command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status. The default of `argv` is the arguments of the process."""
    words = _move_flags(list(sys.argv[1:] if argv is None else argv))
    try:
        if words and words[0] in COMMANDS:
            return import_run(words[0])(words[1:])
        _check_first_word(words)
        return import_run("watch")(words)
    except (ExplainError, EndingError) as error:
        print_error(error)
        return USAGE_ERROR
    except OutputError as error:
        discard_output()
        print_error(error)
        return 1
    except CutOffError as error:
        print_error(error)
        return 0
    except SnifferError as error:
        print_error(error)
        return 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        discard_output()
        return 0


def _move_flags(words: list[str]) -> list[str]:
    """Return the words with `--quiet` and `--verbose` after the command, if they stand before it."""
    flags = list(takewhile(FLAGS.__contains__, words))
    rest = words[len(flags) :]
    return [rest[0], *flags, *rest[1:]] if rest and rest[0] in COMMANDS else words


def _check_first_word(words: Sequence[str]) -> None:
    """Raise `SourceError` if the first word is no source, and may be a mistyped name of a command."""
    if not words or not words[0].isalpha() or os.path.exists(words[0]) or words[0] == DEMO:
        return
    from sniffer.base.suggest import find_near_words

    near = find_near_words(words[0], (*COMMANDS, DEMO))
    hint = (
        f"did you mean `evse-sniff {near[0]}`?"
        if near
        else "`evse-sniff --help` lists the commands, `evse-sniff ports` the ports"
    )
    raise SourceError(f"{words[0]}: no such command, file or port: {hint}")


def import_run(name: str) -> Callable[[list[str]], int]:
    """Return the function that runs the command, or the screen."""
    run: Callable[[list[str]], int] = import_module(f"sniffer.cli.{COMMANDS.get(name, 'sessions')}.{name}").run
    return run
