"""The serial ports of this machine, and which of them a tap could open, without opening any: that would pulse DTR.

In: what pyserial and the kernel's files tell. Out: `Port` values, adapters first. Their texts come from the adapter
and may hold anything. On systems without those files a port has its name, and nothing is said against it.

MERGED:
Who may open a serial port: what to tell whoever may not.
"""

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from serial.tools import list_ports

from sniffer.base import platform
from sniffer.base.errors import SourceError
from sniffer.sources.serial import adapter
from sniffer.sources.serial.adapter import list_by_id_names, read_text
from sniffer.sources.serial.holders import Holder, find_holders_by_port

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


class ListedPort(Protocol):
    """A port as pyserial finds it."""

    device: str
    product: str | None
    manufacturer: str | None
    vid: int | None
    pid: int | None


def list_serial_ports() -> list[Port]:
    """The ports that are here now. Raises `SourceError` where they cannot be listed."""
    found = [port for port in _found() if _has_hardware(port.device)]
    links, held = list_by_id_names(), find_holders_by_port(port.device for port in found)
    return sort_ports(
        _port(port, links.get(os.path.realpath(port.device), ""), _trouble(port.device, held[port.device]))
        for port in found
    )


def find_stable_name(device: str) -> str:
    """The name under which this port is found again when it is plugged in elsewhere; its own where it has no other."""
    return list_by_id_names().get(os.path.realpath(device), device)


def has_permission(device: str) -> bool:
    """Whether this device may be opened by whoever runs us; nothing is said against one that the system hides."""
    return not os.path.exists(device) or os.access(device, os.R_OK | os.W_OK)


def sort_ports(ports: Iterable[Port]) -> list[Port]:
    """Adapters first; then by name, with numbers as numbers."""
    return sorted(ports, key=lambda port: (not port.usb_ids, _natural(port.device)))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]


def _port(found: ListedPort, link: str, trouble: str) -> Port:
    ids = "" if found.vid is None or found.pid is None else f"{found.vid:04x}:{found.pid:04x}"
    return Port(found.device, found.product or "", found.manufacturer or "", ids, link, trouble)


def _found() -> list[ListedPort]:
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
    return read_text(adapter.TERMINALS / os.path.basename(device) / "type") != _NO_UART


def _trouble(device: str, held_by: tuple[Holder, ...]) -> str:
    if held_by:
        names = ", ".join(holder.name for holder in held_by if holder.name)
        return f"in use by {names}" if names else "in use"
    return "" if has_permission(device) else "no permission"


INSTALL = "`evse-sniff doctor` says how to install the rules that give adapters to whoever sits at the machine"


def describe_access(port: str) -> str:
    """Whom the system lets open this port, and what to do about it. The port is here."""
    if not platform.IS_POSIX:
        return "close the program that holds it"
    state = os.stat(port)
    group = platform.group_name(state.st_gid)
    if not group or state.st_gid == 0 or not state.st_mode & stat.S_IRGRP or not state.st_mode & stat.S_IWGRP:
        return f"it is for its owner alone: {INSTALL}"
    return f"it is for group {group}: run `sudo usermod -aG {group} $USER` and log in again, or {INSTALL}"
