"""The digits of commands: those that the definition has for frames of one size.

In: the commands of a definition. Out: the digits that each half byte of a command has in known frames of a size. A
frame may have any other command, which only is less likely.
"""

from collections.abc import Iterable, Mapping

from sniffer.core.protocol.definition import Command
from sniffer.core.wire.link import Link

HalfBytes = Mapping[int, frozenset[int]]
"""The digits of some half bytes of a frame, by their index."""

_SizedFrame = tuple[Link, bytes, int]
"""The link of a frame, its head, and its size in bytes."""


class ExpectedCommands:
    """The commands that the frames of each size are expected to have."""

    def __init__(self, commands: Iterable[Command] = ()) -> None:
        found: dict[_SizedFrame, dict[int, frozenset[int]]] = {}
        for command in commands:
            if command.size is None:
                continue
            link, head = command.route.link, command.route.head
            digits = found.setdefault((link, head, command.size + link.overhead), {})
            start = 2 * command.route.command_place[0]
            for slot, digit in enumerate(link.code_bytes(command.code).hex(), start):
                digits[slot] = digits.get(slot, frozenset()) | {int(digit, 16)}
        self._digits: Mapping[_SizedFrame, HalfBytes] = found

    def find(self, link: Link, head: bytes, size: int) -> HalfBytes:
        """Return the digits of the command in frames of a size in bytes; empty if no known frame has it."""
        return self._digits.get((link, head, size), {})
