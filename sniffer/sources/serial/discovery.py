"""The serial ports of this machine, and whether a tap could open them. None is opened, as that would pulse DTR.

In: the list of pyserial, and the files of the kernel. Out: `Port` values, USB adapters first. Their texts come from the
adapter and may contain anything. On systems without these files a port has its name only, and no trouble is reported.
"""

import os
import re
import stat
from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct
from serial.tools import list_ports

from sniffer.base import platform
from sniffer.base.errors import SourceError
from sniffer.sources.serial import adapter
from sniffer.sources.serial.adapter import find_adapter, find_stable_name, read_text
from sniffer.sources.serial.holders import Holder, find_holders_by_port

INSTALL = "`evse-sniff doctor` says how to install the rules that give adapters to whoever sits at the machine"
"""The further advice, for everybody but `doctor`."""

_TRIES = 3
_NO_UART = "0"
"""The kernel's type of a built-in port that has no hardware (PORT_UNKNOWN in linux/serial_core.h)."""


class Port(Struct, frozen=True):
    """A serial port. An unknown field is empty.

    `usb_ids` is vendor and product in hex (`0403:6001`). `link` is the stable name that udev gave; it does not
    depend on what was plugged in earlier. `trouble` is the reason why the port cannot be opened now. `known_by` says by
    what the adapter is recognised when it is plugged in again.
    """

    device: str
    product: str = ""
    manufacturer: str = ""
    usb_ids: str = ""
    link: str = ""
    trouble: str = ""
    known_by: str = ""


class ListedPort(Protocol):
    """A port in the list of pyserial."""

    device: str
    product: str | None
    manufacturer: str | None
    vid: int | None
    pid: int | None


def list_serial_ports() -> list[Port]:
    """Return the ports of this machine. Raises `SourceError` if they cannot be listed."""
    found = [port for port in _list_with_pyserial() if _has_hardware(port.device)]
    holders = find_holders_by_port(port.device for port in found)
    return sort_ports(_make_port(port, holders[port.device]) for port in found)


def has_permission(device: str) -> bool:
    """Return True if the user may open this device, or if the system does not show a file for it."""
    return not os.path.exists(device) or os.access(device, os.R_OK | os.W_OK)


def describe_access(port: str, rules: str = INSTALL) -> str:
    """Return who may open this port, and how to get the permission. `rules` says how to get the udev rules.

    The port must exist.
    """
    if not platform.IS_POSIX:
        return "close the program that holds it"
    state = os.stat(port)
    group = platform.find_group_name(state.st_gid)
    if not group or state.st_gid == 0 or not state.st_mode & stat.S_IRGRP or not state.st_mode & stat.S_IWGRP:
        return f"it is for its owner alone: {rules}"
    return f"it is for group {group}: run `sudo usermod -aG {group} $USER` and log in again, or {rules}"


def sort_ports(ports: Iterable[Port]) -> list[Port]:
    """Return the ports in order: USB adapters first, then by name, with the numbers in names compared as numbers."""
    return sorted(ports, key=lambda port: (not port.usb_ids, _natural_key(port.device)))


def _natural_key(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]


def _make_port(found: ListedPort, holders: tuple[Holder, ...]) -> Port:
    """Return a port as it is shown, with what is known of its adapter."""
    ids = "" if found.vid is None or found.pid is None else f"{found.vid:04x}:{found.pid:04x}"
    return Port(
        found.device,
        found.product or "",
        found.manufacturer or "",
        ids,
        find_stable_name(found.device),
        _find_trouble(found.device, holders),
        find_adapter(found.device).known_by,
    )


def _list_with_pyserial() -> list[ListedPort]:
    """Return the ports that pyserial lists. Raises `SourceError` if it fails again and again."""
    failure: Exception | None = None
    for _ in range(_TRIES):
        try:
            return list(list_ports.comports())
        except (OSError, TypeError, ValueError) as error:
            # An adapter that is pulled out while pyserial reads its files causes many errors. The next try succeeds.
            failure = error
    raise SourceError(f"the serial ports cannot be listed: {failure}") from failure


def _has_hardware(device: str) -> bool:
    """Return False for the names that the kernel makes for built-in ports without hardware."""
    return read_text(adapter.TERMINALS / os.path.basename(device) / "type") != _NO_UART


def _find_trouble(device: str, holders: tuple[Holder, ...]) -> str:
    """Return why a port cannot be read: it is in use, or there is no permission. Empty if it can be read."""
    if holders:
        names = ", ".join(holder.name for holder in holders if holder.name)
        return f"in use by {names}" if names else "in use"
    return "" if has_permission(device) else "no permission"
