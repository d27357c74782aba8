"""The serial ports of this machine, and which of them a tap could open, without opening any: that would pulse DTR.

In: what pyserial and the kernel's files tell. Out: `Port` values, adapters first. Their texts come from the adapter
and may hold anything. On systems without those files a port has its name, and nothing is said against it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools import list_ports

from sniffer.errors import SourceError

BY_ID = Path("/dev/serial/by-id")
LOCKS = Path("/proc/locks")
LOCK_FILES = (Path("/run/lock"), Path("/var/lock"))
TERMINALS = Path("/sys/class/tty")

_TRIES = 3
_NO_UART = "0"
"""The kernel's type of a built-in port that has no hardware (PORT_UNKNOWN in linux/serial_core.h)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port. What is not known is empty.

    `usb_ids` is vendor and product in hex (`0403:6001`), `link` a name that stays the same whatever is plugged in
    before it, `trouble` why it cannot be opened now.
    """

    device: str
    product: str = ""
    manufacturer: str = ""
    usb_ids: str = ""
    link: str = ""
    trouble: str = ""


class Found(Protocol):
    """A port as pyserial finds it."""

    device: str
    product: str | None
    manufacturer: str | None
    vid: int | None
    pid: int | None


def list_serial_ports() -> list[Port]:
    """The ports that are here now. Raises `SourceError` where they cannot be listed."""
    links, locks = _links(BY_ID), _locked(LOCKS)
    found = [port for port in _found() if _has_hardware(port.device)]
    ports = [_port(port, links.get(os.path.realpath(port.device), ""), _trouble(port.device, locks)) for port in found]
    return in_order(ports)


def stable_name(device: str) -> str:
    """The name under which this port is found again when it is plugged in elsewhere; its own where it has no other."""
    return _links(BY_ID).get(os.path.realpath(device), device)


def in_order(ports: Iterable[Port]) -> list[Port]:
    """Adapters first; then by name, with numbers as numbers."""
    return sorted(ports, key=lambda port: (not port.usb_ids, _natural(port.device)))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]


def _port(found: Found, link: str, trouble: str) -> Port:
    ids = "" if found.vid is None or found.pid is None else f"{found.vid:04x}:{found.pid:04x}"
    return Port(found.device, found.product or "", found.manufacturer or "", ids, link, trouble)


def _found() -> list[Found]:
    failure: Exception | None = None
    for _ in range(_TRIES):
        try:
            return list(list_ports.comports())
        # An adapter that is pulled out while it is looked at breaks pyserial in many ways; at the next look it is gone.
        except (OSError, TypeError, ValueError) as error:
            failure = error
    raise SourceError(f"the serial ports cannot be listed: {failure}") from failure


def _has_hardware(device: str) -> bool:
    """Whether there is anything behind this name: the kernel makes names for built-in ports that nobody built in."""
    return next(_read(TERMINALS / os.path.basename(device) / "type"), "").strip() != _NO_UART


def _links(folder: Path) -> dict[str, str]:
    """The stable name for each device."""
    try:
        return {os.path.realpath(link): str(link) for link in sorted(folder.iterdir(), reverse=True)}
    # Without udev there are no such names.
    except OSError:
        return {}


def _trouble(device: str, locks: dict[str, int]) -> str:
    try:
        state = os.stat(device)
    except OSError:
        return ""
    inode = f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}"
    holder = locks.get(inode) if inode in locks else _lock_file_holder(device)
    if holder is not None:
        name = next(_read(Path(f"/proc/{holder}/comm")), "").strip() if holder > 0 else ""
        return f"in use by {name}" if name else "in use"
    return "" if os.access(device, os.R_OK | os.W_OK) else "no permission"


def _locked(path: Path) -> dict[str, int]:
    """The process that holds each file that is locked as a whole, by `major:minor:inode` (proc_locks(5))."""
    locked = {}
    for line in _read(path):
        words = line.split()
        if len(words) > 5 and words[1] == "FLOCK":
            locked[words[5]] = int(words[4])
    return locked


def _lock_file_holder(device: str) -> int | None:
    """The living process that a lock file names, which older programs leave beside the port."""
    for folder in LOCK_FILES:
        for line in _read(folder / f"LCK..{os.path.basename(device)}"):
            if line.strip().isdecimal() and os.path.exists(f"/proc/{line.strip()}"):
                return int(line)
    return None


def _read(path: Path) -> Iterator[str]:
    """The lines of a file that may not be there, or not for us."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file
    except OSError:
        return
