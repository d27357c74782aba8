"""Commands as a filter names them: by the hexadecimal digits that are shown, or by name.

Two digits are a command of the power board's link, four one of the other; after `0x`, or in any other number, the
digits are the number on either link.
"""

from typing import NamedTuple

from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.links import LINKS, Link
from sniffer.filter.tokens import Word, error_at, shorten, suggest
from sniffer.filter.value_types import CONTAINS, EQUAL, EQUALITY, ORDERS, Predicate, order_predicate, parse_hex_number

_HIGHEST = max(256**link.command_size for link in LINKS.values()) - 1


class FrameCommand(NamedTuple):
    """The command of a frame; `name` is None where the definition does not have it."""

    link: Link
    code: int
    name: str | None

    @property
    def digits(self) -> str:
        """The code as it is shown."""
        return f"{self.code:0{2 * self.link.command_size}X}"


class CommandType:
    """Commands of frames."""

    description = "a command: its hexadecimal digits, or its name"
    operators = (*EQUALITY, *ORDERS, CONTAINS)

    def __init__(self, definition: Definition) -> None:
        called = [FrameCommand(command.route.link, command.code, command.name) for command in definition.commands]
        self._names = [*dict.fromkeys(command.name for command in definition.commands)]
        self.options = (*dict.fromkeys(command.digits for command in called), *self._names)

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        wanted = word.text.casefold()
        if operator == CONTAINS:
            return lambda called: wanted in f"{called.digits} {called.name or ''}".casefold()
        code = parse_hex_number(word.text)
        if code is None and operator == EQUAL and wanted in (name.casefold() for name in self._names):
            return lambda called: called.name is not None and called.name.casefold() == wanted
        if code is None or code > _HIGHEST:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}{suggest(word.text, self._names)}")
        fits = order_predicate(operator, code)
        links = [link for link in LINKS.values() if 2 * link.command_size == len(word.text) and wanted[:2] != "0x"]
        if not links:
            return lambda called: fits(called.code)
        return lambda called: called.link is links[0] and fits(called.code)
