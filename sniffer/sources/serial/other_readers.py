"""The other programs that have a tapped port open. Two readers of one port silently share its bytes.

In: the name of a port. Out: the programs that were not reported before, as a text for the user. A pseudo-terminal has
holders at both ends that read nothing (`simulate`, socat), so they are only named. A program that cannot be seen, such
as one of another user that takes no lock, is not reported.
"""

import os
from pathlib import Path

from sniffer.base.errors import SourceError
from sniffer.sources.serial.holders import Holder, find_holders, format_holders

PSEUDO_TERMINALS = "/dev/pts/"
"""The folder of the pseudo-terminals."""


CHARACTER_DEVICES = Path("/sys/dev/char")


class OtherReaders:
    """The other readers of one port, and which of them were reported."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._reported: frozenset[Holder] = frozenset()
        self.are_only_named = os.path.realpath(port).startswith(PSEUDO_TERMINALS)
        self.names = ""
        """The programs that have the port open, as far as they are known now."""

    def refuse(self) -> None:
        """Look who has the port open before it is opened. Raises `SourceError` if somebody reads it."""
        if not _may_be_port(self._port):
            return
        self.names = format_holders(find_holders(self._port))
        if self.names and not self.are_only_named:
            raise SourceError(describe_holders(self._port, self.names))

    def find_new(self) -> str:
        """Return the programs that have opened the port since the last call; empty if there are none."""
        found = frozenset(find_holders(self._port))
        new, self._reported = found - self._reported, found
        self.names = format_holders(sorted(found, key=_order))
        return format_holders(sorted(new, key=_order))


def describe_holders(port: str, names: str, *, may_share: bool = True) -> str:
    """Return the message for a port that other programs have open. A program can refuse to share it (TIOCEXCL)."""
    by = f": {names}" if names else ""
    share = ", or read beside it with --share" if may_share else ""
    return f"{port}: another program has the port open{by}: close it, as two readers would split the bytes{share}"


def _may_be_port(path: str) -> bool:
    """Return False for a device of another kind, such as /dev/null, which half of all programs have open."""
    try:
        number = os.stat(path).st_rdev
    except (OSError, ValueError):
        return False
    kind = CHARACTER_DEVICES / f"{os.major(number)}:{os.minor(number)}" / "subsystem"
    return not kind.exists() or kind.resolve().name == "tty"


def _order(holder: Holder) -> int:
    return holder.pid
