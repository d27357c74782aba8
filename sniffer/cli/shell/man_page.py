"""The man page of the program, made from the parsers of its commands.

In: parsers, a version and a date. Out: a page in the language of man(7). What several commands share is described
once, with the screen.
"""

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping

from sniffer.cli.shell.parser_tree import PROGRAM, iterate_arguments, list_subparsers, summary_of

_EPILOG_WIDTH = 72
"""The columns of what is printed line by line: the page indents it on a terminal of 80."""

_AFTER_COMMANDS = """\
.SH EXIT STATUS
.TP
.B 0
All went well; also when it was ended by Ctrl-C.
.TP
.B 1
A source or a file cannot be used, or a recording that was requested failed. One line on standard error says why, and
what to do.
.TP
.B 2
Wrong usage.
.TP
.B 3
.B dump \\-\\-exit\\-on
came true.
.TP
.B 4
.BR status :
a fault is active at the end.
.TP
.B 5
.BR status :
the link is not alive.
.TP
.B 6
.BR check :
the session differs from the good ones.
.SH FILES
.TP
.I ~/.config/evse\\-sniff/settings.toml
The settings, see
.BR "evse\\-sniff help settings" .
.TP
.I ~/.local/state/evse\\-sniff/recordings
The recordings of sessions on ports. All of them together take 1 GB at most.
.SH ENVIRONMENT
.TP
.B NO_COLOR
If it is set, nothing is coloured.
.TP
.BR XDG_CONFIG_HOME ", " XDG_STATE_HOME
Where the settings and the recordings are.
.SH SEE ALSO
.B evse\\-sniff help
lists the topics of the documentation, which needs no internet.
.PP
.BR udev (7),
.BR wireshark (1)
"""


def format_man_page(
    screen: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser], version: str, date: str
) -> str:
    """Return the man page. `date` is in ISO 8601."""
    shared = {_key_of(action) for action in iterate_arguments(screen)}
    first, _, _ = (screen.epilog or "").partition("\n\n")
    lines = [
        f'.TH {PROGRAM.upper()} 1 {date} "{PROGRAM} {version}" "User commands"',
        ".SH NAME",
        f"{_escape(PROGRAM)} \\- {_escape(_begin_low(summary_of(screen)).rstrip('.'))}",
        ".SH SYNOPSIS",
        *_format_synopsis("", screen),
        *(line for name, parser in commands.items() for line in (".br", *_format_synopsis(name, parser))),
        ".SH DESCRIPTION",
        _escape(screen.description or ""),
        ".PP",
        _escape(first.replace("\n", " ")),
        ".SH OPTIONS",
        *_format_arguments(screen, iterate_arguments(screen)),
        ".SH COMMANDS",
    ]
    for name, parser in commands.items():
        own = [action for action in iterate_arguments(parser) if _key_of(action) not in shared]
        lines += [f".SS {PROGRAM} {name}".replace("-", "\\-"), _escape(parser.description or "")]
        lines += _format_arguments(parser, own)
        for below in list_subparsers(parser):
            lines += [".PP", *_format_synopsis(below.prog.removeprefix(f"{PROGRAM} "), below), ".PP"]
            lines += [_escape(below.description or ""), *_format_arguments(below, iterate_arguments(below))]
        if any(_key_of(action) in shared for action in iterate_arguments(parser)):
            lines += [".PP", "The other arguments are described under OPTIONS:", *_format_names(parser, shared)]
        if parser.epilog:
            wrapped = parser._get_formatter()._fill_text(parser.epilog, _EPILOG_WIDTH, "")
            lines += [".PP", ".nf", *map(_escape_line, wrapped.splitlines()), ".fi"]
    return "\n".join([*lines, _AFTER_COMMANDS])


def _format_synopsis(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield a line of the synopsis: the command and its positional arguments."""
    yield f".B {_escape(f'{PROGRAM} {name}'.strip())}"
    positional = (_format_values(parser, action) for action in iterate_arguments(parser) if not action.option_strings)
    yield " ".join(["[\\fIoptions\\fR]", *(_escape(one) for one in positional)])


def _format_arguments(parser: argparse.ArgumentParser, actions: Iterable[argparse.Action]) -> Iterator[str]:
    """Yield the descriptions of arguments."""
    formatter = parser._get_formatter()
    for action in actions:
        values = _escape(_format_values(parser, action))
        names = ", ".join(map(_bold, action.option_strings))
        yield ".TP"
        yield f"{names} \\fI{values}\\fR" if names and values else names or f"\\fI{values}\\fR"
        yield _escape(formatter._expand_help(action)) if action.help else "\\&"


def _format_names(parser: argparse.ArgumentParser, keys: set[tuple[str, ...]]) -> Iterator[str]:
    """Yield the names of the arguments with one of these keys, as a sentence."""
    names = [
        action.option_strings[-1] if action.option_strings else str(action.metavar)
        for action in iterate_arguments(parser)
        if _key_of(action) in keys
    ]
    yield ", ".join(_bold(name) for name in names) + "."


def _format_values(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return the values that an argument takes, such as `PORT [PORT ...]`; empty for an option without a value."""
    if action.nargs == 0:
        return ""
    default = action.dest.upper() if action.option_strings else action.dest
    return parser._get_formatter()._format_args(action, default)


def _key_of(action: argparse.Action) -> tuple[str, ...]:
    """Return the key by which two arguments are the same one: their names and their purpose."""
    return (*action.option_strings, action.dest, (action.help or "").partition(";")[0])


def _escape(text: str) -> str:
    """Return a text as it stands in a page: without its own line ends, and with nothing that man(7) would act on."""
    return _escape_line(" ".join(text.split()))


def _escape_line(line: str) -> str:
    escaped = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if re.match(r"[.']", escaped) else escaped


def _bold(name: str) -> str:
    """Return a name in bold."""
    return f"\\fB{_escape(name)}\\fR"


def _begin_low(text: str) -> str:
    return text[:1].lower() + text[1:]
