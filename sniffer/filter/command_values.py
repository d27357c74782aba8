"""Commands as a filter writes them: by the hexadecimal digits that are shown, or by name.

Two digits mean a command of the `pwrboard` link, four digits one of the `dbus` link. Another number of digits, or
digits after `0x`, mean the command of that code on either link.
"""

from typing import NamedTuple

from sniffer.base.suggest import format_suggestion
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.link import Link
from sniffer.filter.tokens import Word, error_at, shorten
from sniffer.filter.value_types import (
    CONTAINS,
    EQUAL,
    EQUALITY,
    ORDERS,
    Predicate,
    build_number_predicate,
    parse_hex_number,
)


class FrameCommand(NamedTuple):
    """The command of a frame. `name` is None if the definition does not have the command."""

    link: Link
    code: int
    name: str | None

    @property
    def digits(self) -> str:
        """The code in as many hexadecimal digits as the link shows."""
        return self.link.code_text(self.code)


class CommandType:
    """The type of the commands of frames."""

    description = "a command: its hexadecimal digits, or its name"
    operators = (*EQUALITY, *ORDERS, CONTAINS)

    def __init__(self, definition: Definition) -> None:
        commands = [
            FrameCommand(command.route.link, command.code, command.name) for command in definition.ordered_commands
        ]
        self._names = [*dict.fromkeys(command.name for command in definition.ordered_commands)]
        self._links = definition.links.links.values()
        self.options = (*dict.fromkeys(command.digits for command in commands), *self._names)

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        wanted = word.text.casefold()
        if operator == CONTAINS:
            return lambda command: wanted in f"{command.digits} {command.name or ''}".casefold()
        code = parse_hex_number(word.text)
        if code is None and operator == EQUAL and wanted in (name.casefold() for name in self._names):
            return lambda command: command.name is not None and command.name.casefold() == wanted
        if code is None or code >= max(link.codes for link in self._links):
            raise error_at(
                word, f"`{shorten(word.text)}` is not {self.description}{format_suggestion(word.text, self._names)}"
            )
        fits = build_number_predicate(operator, code)
        links = [link for link in self._links if link.code_digits == len(word.text) and wanted[:2] != "0x"]
        if not links:
            return lambda command: fits(command.code)
        return lambda command: command.link in links and fits(command.code)
