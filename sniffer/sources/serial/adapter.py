"""The USB adapter of a serial port, read from the kernel's files, and the search for it under another name.

In: the name of a port. Out: an `Adapter`. Its texts come from the device, so they may contain anything. Nothing is
opened. The files are those of Linux (sysfs, and the links of udev); on other systems every field is empty.
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
    """The adapter behind a serial device. An unknown field is empty or None.

    `device` is the path of the device, with symbolic links resolved. `usb_ids` is vendor and product in hex
    (`0403:6001`). `location` is the USB location with the interface (`1-1.2:1.0`). `by_id` is the stable name that udev
    gave. `latency_ms` is how many milliseconds the adapter may hold bytes back (FTDI's latency timer); adapters of
    other makes do not report it.
    """

    device: str = ""
    driver: str = ""
    usb_ids: str = ""
    serial_number: str = ""
    location: str = ""
    by_id: str = ""
    latency_ms: int | None = None


def find_adapter(port: str) -> Adapter:
    """Return the adapter of this port; all its fields are empty if there is no such port."""
    if not os.path.exists(port):
        return Adapter()
    return _read_adapter(os.path.realpath(port), list_by_id_names())


def find_again(port: str, before: Adapter) -> str | None:
    """Return the path of an adapter that was unplugged and may have returned; None while it is not plugged in.

    `port` is the name under which it was opened, `before` the adapter at that time. If `port` exists, it is returned: a
    symbolic link always, a name of the kernel (`/dev/ttyUSB0`) unless the serial number shows that another adapter has
    it now. Otherwise the tty with the same serial number, the same by-id name, or the same USB location is returned,
    in this order. An adapter without a serial number is recognised by its location only, as every adapter of its make
    has the same by-id name.
    """
    if os.path.exists(port) and (os.path.islink(port) or not _is_another(find_adapter(port), before)):
        return port
    candidates = list_usb_adapters()
    for is_same in (_same_serial_number, _same_by_id, _same_location):
        for candidate in candidates:
            if is_same(candidate, before) and not _is_another(candidate, before) and os.path.exists(candidate.device):
                return candidate.device
    return None


def list_usb_adapters() -> list[Adapter]:
    """Return all USB serial adapters that are plugged in."""
    names = list_by_id_names()
    return [_read_adapter(device, names) for device in _list_usb_terminals()]


def list_by_id_names() -> dict[str, str]:
    """Return the stable names that udev gave, by the paths of their devices."""
    try:
        return {os.path.realpath(link): str(link) for link in sorted(BY_ID.iterdir(), reverse=True)}
    except OSError:
        # Without udev there are no such names.
        return {}


def _read_adapter(device: str, names: dict[str, str]) -> Adapter:
    folder = TERMINALS / os.path.basename(device) / "device"
    interface, usb = _find_usb_device(folder)
    ids = ":".join(read_text(usb / name) for name in ("idVendor", "idProduct")) if usb else ""
    timer = read_text(folder / "latency_timer")
    return Adapter(
        device=device,
        driver=_target_name(folder / "driver"),
        usb_ids=ids,
        serial_number=read_text(usb / "serial") if usb else "",
        location=interface,
        by_id=names.get(device, ""),
        latency_ms=int(timer) if timer.isdecimal() else None,
    )


def _find_usb_device(tty: Path) -> tuple[str, Path | None]:
    """Return the USB interface of a tty, and the sysfs folder of its USB device; empty and None if it has none."""
    interface, folder = "", Path(os.path.realpath(tty))
    for above in (folder, *folder.parents):
        if (above / "bInterfaceNumber").exists():
            interface = above.name
        elif (above / "idVendor").exists():
            return interface, above
    return "", None


def _list_usb_terminals() -> Iterator[str]:
    try:
        found = sorted(os.listdir(TERMINALS))
    except OSError:
        return
    for name in found:
        # Most are consoles without a device, so the cheap check comes first.
        if os.path.exists(f"{TERMINALS}/{name}/device") and _find_usb_device(TERMINALS / name / "device")[1]:
            yield str(DEVICES / name)


def _is_another(now: Adapter, before: Adapter) -> bool:
    """Return True if both serial numbers are known and they differ."""
    both_known = bool(now.serial_number and before.serial_number)
    return both_known and not _same_serial_number(now, before)


def _same_serial_number(now: Adapter, before: Adapter) -> bool:
    if not before.serial_number or (now.serial_number, now.usb_ids) != (before.serial_number, before.usb_ids):
        return False
    # An adapter with several ports has one serial number: only the interface differs.
    return now.location.partition(":")[2] == before.location.partition(":")[2]


def _same_by_id(now: Adapter, before: Adapter) -> bool:
    is_one_of_many = bool(before.usb_ids and not before.serial_number)
    return bool(before.by_id) and now.by_id == before.by_id and not is_one_of_many


def _same_location(now: Adapter, before: Adapter) -> bool:
    return bool(before.location) and now.location == before.location


def _target_name(link: Path) -> str:
    """Return the name of the file that a link points to; empty if there is no link."""
    return os.path.basename(os.path.realpath(link)) if link.exists() else ""


def read_text(path: Path) -> str:
    """Return the text of a small file of the kernel; empty if it does not exist or may not be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
