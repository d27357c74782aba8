"""What the kernel's files tell of a serial port's adapter, and the same adapter again under another name.

In: the name of a port. Out: an `Adapter`, whose texts come from the device and may hold anything. Nothing is opened.
The files are Linux's (sysfs, and udev's links); elsewhere every field is empty.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEVICES = Path("/dev")
BY_ID = Path("/dev/serial/by-id")
TERMINALS = Path("/sys/class/tty")


@dataclass(frozen=True, slots=True)
class Adapter:
    """What is known of a serial device. What is not known is empty, or None.

    `device` is the device itself, symbolic links followed. `usb_ids` is vendor and product in hex (`0403:6001`),
    `location` the USB location with the interface (`1-1.2:1.0`), `by_id` udev's own stable name, `latency_ms` the
    milliseconds that the adapter may hold bytes back (FTDI's latency timer), which the other adapters do not tell.
    """

    device: str = ""
    driver: str = ""
    usb_ids: str = ""
    serial_number: str = ""
    location: str = ""
    by_id: str = ""
    latency_ms: int | None = None


def find_adapter(port: str) -> Adapter:
    """What is known of this port's adapter; all fields are empty for a port that is not here."""
    if not os.path.exists(port):
        return Adapter()
    return _adapter(os.path.realpath(port), list_by_id_names())


def find_again(port: str, before: Adapter) -> str | None:
    """The path to open now, for the port that was opened as `port` and was `before`; None while it is not here.

    That is the name that was asked for where it exists: a link is taken at its word, a kernel's name (`/dev/ttyUSB0`)
    unless another adapter has it now, which its serial number tells. Else it is the tty with the same serial number, or
    by-id name, or at the same USB location. An adapter without a serial number is known by its location only: its by-id
    name is that of every adapter of its make.
    """
    if os.path.exists(port) and (os.path.islink(port) or not _is_another(find_adapter(port), before)):
        return port
    here = list_usb_adapters()
    for is_same in (_same_serial_number, _same_by_id, _same_location):
        for candidate in here:
            if is_same(candidate, before) and not _is_another(candidate, before) and os.path.exists(candidate.device):
                return candidate.device
    return None


def list_usb_adapters() -> list[Adapter]:
    """All USB serial adapters that are here."""
    names = list_by_id_names()
    return [_adapter(device, names) for device in _usb_terminals()]


def list_by_id_names() -> dict[str, str]:
    """The stable name that udev gave each device that has one."""
    try:
        return {os.path.realpath(link): str(link) for link in sorted(BY_ID.iterdir(), reverse=True)}
    # Without udev there are no such names.
    except OSError:
        return {}


def _adapter(device: str, names: dict[str, str]) -> Adapter:
    own = TERMINALS / os.path.basename(device) / "device"
    interface, usb = _usb(own)
    ids = ":".join(read_text(usb / name) for name in ("idVendor", "idProduct")) if usb else ""
    timer = read_text(own / "latency_timer")
    return Adapter(
        device=device,
        driver=_base(own / "driver"),
        usb_ids=ids,
        serial_number=read_text(usb / "serial") if usb else "",
        location=interface,
        by_id=names.get(device, ""),
        latency_ms=int(timer) if timer.isdecimal() else None,
    )


def _usb(own: Path) -> tuple[str, Path | None]:
    """The name of the USB interface that this device hangs on, and the folder of its USB device."""
    interface, folder = "", Path(os.path.realpath(own))
    for above in (folder, *folder.parents):
        if (above / "bInterfaceNumber").exists():
            interface = above.name
        elif (above / "idVendor").exists():
            return interface, above
    return "", None


def _usb_terminals() -> Iterator[str]:
    try:
        found = sorted(os.listdir(TERMINALS))
    except OSError:
        return
    for name in found:
        # Most are consoles without a device: what is asked of all of them is asked the quick way.
        if os.path.exists(f"{TERMINALS}/{name}/device") and _usb(TERMINALS / name / "device")[1]:
            yield str(DEVICES / name)


def _is_another(now: Adapter, before: Adapter) -> bool:
    """Whether both are known, and are not the same."""
    known = bool(now.serial_number and before.serial_number)
    return known and not _same_serial_number(now, before)


def _same_serial_number(now: Adapter, before: Adapter) -> bool:
    if not before.serial_number or (now.serial_number, now.usb_ids) != (before.serial_number, before.usb_ids):
        return False
    # An adapter of several ports has one serial number: the interface tells them apart.
    return now.location.partition(":")[2] == before.location.partition(":")[2]


def _same_by_id(now: Adapter, before: Adapter) -> bool:
    is_one_of_many = bool(before.usb_ids and not before.serial_number)
    return bool(before.by_id) and now.by_id == before.by_id and not is_one_of_many


def _same_location(now: Adapter, before: Adapter) -> bool:
    return bool(before.location) and now.location == before.location


def _base(link: Path) -> str:
    """The name of what this link leads to."""
    return os.path.basename(os.path.realpath(link)) if link.exists() else ""


def read_text(path: Path) -> str:
    """The text of a small file of the kernel's; empty where it is not there, or not for us."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
