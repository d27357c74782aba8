"""The parser of a command: it suggests the option that may be meant, and escapes what it prints."""

import argparse
import os
import sys
from collections.abc import Sequence

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn

    from _typeshed import SupportsWrite

USAGE_ERROR = 2
"""The exit status of wrong usage."""

TEXT_WIDTH = 98
"""The columns beyond which the lines of a paragraph are too long to read."""


class _HelpFormatter(argparse.HelpFormatter):
    """A formatter of help. Words are wrapped at spaces only, so that no option is broken at its hyphens.

    In a description and an epilog, lines that begin with a space stay as they are, but for the text after two spaces:
    it is wrapped within its column. All other lines make paragraphs.
    """

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        width = min(width, TEXT_WIDTH)
        lines: list[str] = []
        paragraph: list[str] = []
        for line in [*text.splitlines(), ""]:
            if line and not line.startswith(" "):
                paragraph.append(line)
                continue
            if paragraph:
                lines += self._split_lines(" ".join(paragraph), width)
                paragraph.clear()
            lines += self._wrap_column(line, width)
        return "\n".join(f"{indent}{line}" for line in lines[:-1])

    def _wrap_column(self, line: str, width: int) -> list[str]:
        """Return an indented line, with the text after its first two spaces wrapped in as many lines as it takes."""
        name, gap, text = line.strip().partition("  ")
        if not gap:
            return [line]
        start = line.index(text.strip(), line.index(name) + len(name))
        first, *others = self._split_lines(text, width - start)
        return [line[:start] + first, *(" " * start + other for other in others)]

    def _split_lines(self, text: str, width: int) -> list[str]:
        # argparse imports `textwrap` here, whose patterns take a thirtieth of the time of `--help`.
        lines = [""]
        for word in text.split():
            if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".lstrip()
        return lines


class ParserRequest(list[str]):
    """The words of a command line that request the parser of a command, instead of a run of it."""


class ParserBuilt(Exception):  # noqa: N818 - it is no error
    """Ends a command that was given a `ParserRequest`, as soon as its `parser` is complete."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


class _Parser(argparse.ArgumentParser):
    """An argument parser whose error messages suggest the option that may be meant.

    They cannot send control characters to the terminal. Help that cannot be written raises `OutputError`; argparse
    would end as if it had been written.
    """

    def parse_args(  # type: ignore[override]  # The overloads for other namespaces are not needed.
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Return the parsed words. Wrong usage ends the program with exit status 2.

        Raises `ParserBuilt` for a `ParserRequest`.
        """
        if isinstance(args, ParserRequest):
            raise ParserBuilt(self)
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self._suggest_option(unknown)}")
        # From here on the command runs, and nearly every command needs msgspec.
        from sniffer.cli.light_import import import_msgspec

        import_msgspec()
        return options

    def _suggest_option(self, words: Sequence[str]) -> str:
        """Return the end of the message on unknown words: the option that the first mistyped one may stand for."""
        from sniffer.base.suggest import find_near_words

        names = [name for name in self._option_string_actions if name.startswith("--")]
        mistyped = (word.partition("=")[0] for word in words if word.startswith("-"))
        near = next((found for word in mistyped if (found := find_near_words(word, names))), [])
        return f": did you mean {near[0]}?" if near else ""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Check that the value is one of the choices of its option, if it has any."""
        if action.choices is not None and value not in action.choices:
            from sniffer.base.suggest import format_suggestion

            message = f"there is no {value}{format_suggestion(str(value), map(str, action.choices))}"
            raise argparse.ArgumentError(action, message)

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        from sniffer.cli.output import print_line

        if file is sys.stderr:
            super()._print_message(message, file)
        else:
            print_line(message.removesuffix("\n"))

    def error(self, message: str) -> "NoReturn":
        """End the program. The whole usage is not printed: the message would be lost below a dozen lines of options."""
        from sniffer.base.sanitize import printable

        self.exit(USAGE_ERROR, f"{self.prog}: {printable(message)} (see `{self.prog} --help`)\n")


def _find_columns() -> int:
    """Return the columns of the terminal, as `shutil.get_terminal_size` does: `COLUMNS` first, and 80 without both."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80 if sys.__stdout__ else 80
    except (ValueError, OSError):
        return 80


def build_parser(command: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Return a parser for a command. `_HelpFormatter` says how the description and the epilog are wrapped."""
    # Without a width, argparse imports `shutil` and with it all compressors, a seventh of the time of `--help`; and it
    # makes a formatter for each option.
    width = _find_columns() - 2
    return _Parser(
        prog=f"evse-sniff {command}".strip(),
        description=description,
        epilog=epilog,
        formatter_class=lambda prog: _HelpFormatter(prog, width=width),
    )
