"""The USB adapter of a serial port, read from the kernel's files, and the search for it under another name.

In: the name of a port. Out: an `Adapter`. Its texts come from the device, so they may contain anything. Nothing is
opened. The files are those of Linux (sysfs, and the links of udev); on other systems every field is empty.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.sanitize import printable

DEVICES = Path("/dev")
BY_ID = Path("/dev/serial/by-id")
BY_PATH = Path("/dev/serial/by-path")
TERMINALS = Path("/sys/class/tty")

_COUNTED = ("0123456789ABCDEF", "1234567890")
"""Parts of the serial number that makers leave in a whole series. Others leave one digit repeated, or 0001."""


WITHOUT_LINE_ERRORS = frozenset({"ch341-uart"})
"""The drivers of Linux that report no framing error, no break and no overrun."""


class Adapter(Struct, frozen=True):
    """The adapter behind a serial device. An unknown field is empty or None.

    `device` is the path of the device, with symbolic links resolved. `usb_ids` is vendor and product in hex
    (`0403:6001`). `location` is the USB location with the interface (`1-1.2:1.0`). `by_id` is the stable name that udev
    gave. `latency_ms` is how many milliseconds the adapter may hold bytes back (FTDI's latency timer); adapters of
    other makes do not report it. `shares_number` is True if an adapter in another socket had the same serial number.
    """

    device: str = ""
    driver: str = ""
    usb_ids: str = ""
    serial_number: str = ""
    location: str = ""
    by_id: str = ""
    latency_ms: int | None = None
    shares_number: bool = False

    @property
    def has_own_number(self) -> bool:
        """True if the serial number identifies the adapter: it is no maker's default, and no other adapter has it."""
        return not is_default_number(self.serial_number) and not self.shares_number

    @property
    def reports_line_errors(self) -> bool:
        """False if it is known that the driver reports no errors of the line."""
        return self.driver not in WITHOUT_LINE_ERRORS

    @property
    def known_by(self) -> str:
        """The identity of the adapter when it is plugged in again, safe to show; empty without one."""
        if self.has_own_number:
            return f"serial number {printable(self.serial_number)}"
        return f"USB socket {self.socket}" if self.socket else ""

    @property
    def socket(self) -> str:
        """The USB location without the interface."""
        return self.location.partition(":")[0]


def is_default_number(number: str) -> bool:
    """Return True if this serial number identifies nothing, as makers leave it in a whole series."""
    counts = any(number.upper() in counted for counted in _COUNTED)
    return counts or len(set(number)) < 2 or number.lstrip("0") == "1"


def find_adapter(port: str) -> Adapter:
    """Return the adapter of this port; all its fields are empty if there is no such port."""
    if not os.path.exists(port):
        return Adapter()
    return notice_shared_number(_read_adapter(os.path.realpath(port), list_by_id_names()))


def find_again(port: str, before: Adapter) -> str | None:
    """Return the path of an adapter that was unplugged and may have returned; None while it is not plugged in.

    `port` is the name under which it was opened, `before` the adapter at that time. If `port` exists, it is returned: a
    name that identifies always, any other unless it is plain that another adapter has it now. Otherwise the tty with
    the same serial number, the same by-id name, or the same USB location is returned, in this order. An adapter without
    a serial number of its own is recognised by its location only, as every adapter of its make may have the same number
    and by-id name.
    """
    if os.path.exists(port) and (identifies(port, before) or not _is_another(find_adapter(port), before)):
        return port
    candidates = [found for found in list_usb_adapters() if not _is_another(found, before)]
    same_number = [found for found in candidates if _has_same_serial_number(found, before)]
    if len(same_number) > 1:
        # A twin was plugged in meanwhile.
        candidates = same_number = [found for found in same_number if _has_same_location(found, before)]
    for is_same in (_has_same_serial_number, _has_same_by_id, _has_same_location):
        for candidate in candidates:
            if is_same(candidate, before) and os.path.exists(candidate.device):
                return candidate.device
    return None


def identifies(port: str, before: Adapter) -> bool:
    """Return True if this name alone identifies a port, whatever adapter it leads to, as a link by a udev rule does.

    A by-id link does not, if the adapter has no serial number of its own: twins take it from each other.
    """
    is_by_id = os.path.dirname(os.path.abspath(port)) == str(BY_ID)
    return os.path.islink(port) and (not is_by_id or not before.usb_ids or before.has_own_number)


def notice_shared_number(one: Adapter) -> Adapter:
    """Return the adapter with `shares_number` True if an adapter in another socket has its serial number now."""
    is_shared = bool(one.serial_number) and any(
        (other.usb_ids, other.serial_number) == (one.usb_ids, one.serial_number) and other.socket != one.socket
        for other in list_usb_adapters()
    )
    return replace(one, shares_number=True) if is_shared else one


def list_usb_adapters() -> list[Adapter]:
    """Return all USB serial adapters that are plugged in."""
    names = list_by_id_names()
    return [_read_adapter(device, names) for device in _list_usb_terminals()]


def list_by_id_names() -> dict[str, str]:
    """Return the stable names that udev gave, by the paths of their devices."""
    return _list_links(BY_ID)


def find_stable_name(device: str) -> str:
    """Return the name that udev gave to a device and that identifies it; empty if there is none.

    Where the serial number identifies nothing, this is the name of the USB socket.
    """
    one = find_adapter(device)
    is_by_socket = one.usb_ids and not one.has_own_number
    return _list_links(BY_PATH if is_by_socket else BY_ID).get(os.path.realpath(device), "")


def _list_links(folder: Path) -> dict[str, str]:
    """Return the links in a folder, by the path of the device that each links to."""
    try:
        return {os.path.realpath(link): str(link) for link in sorted(folder.iterdir(), reverse=True)}
    except OSError:
        # Without udev there are no such names.
        return {}


def _read_adapter(device: str, names: dict[str, str]) -> Adapter:
    """Return the adapter of a device. `names` are the by-id names by the device that each links to."""
    folder = TERMINALS / os.path.basename(device) / "device"
    interface, usb = _find_usb_device(folder)
    ids = ":".join(read_text(usb / name) for name in ("idVendor", "idProduct")) if usb else ""
    timer = read_text(folder / "latency_timer")
    return Adapter(
        device=device,
        driver=_find_target_name(folder / "driver"),
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
    """Yield the device path of each terminal that is on USB."""
    try:
        found = sorted(os.listdir(TERMINALS))
    except OSError:
        return
    for name in found:
        # Most are consoles without a device, so the cheap check comes first.
        if os.path.exists(f"{TERMINALS}/{name}/device") and _find_usb_device(TERMINALS / name / "device")[1]:
            yield str(DEVICES / name)


def _is_another(now: Adapter, before: Adapter) -> bool:
    """Return True if it is plain that these are two adapters: by the serial number, or else by the USB socket."""
    if not before.has_own_number:
        both_known = bool(now.location and before.location)
        return both_known and (now.location, now.usb_ids) != (before.location, before.usb_ids)
    return bool(now.serial_number) and not _has_same_serial_number(now, before)


def _has_same_serial_number(now: Adapter, before: Adapter) -> bool:
    """Return True if both are the same adapter by its own serial number, and the same one of its ports."""
    if not before.has_own_number or (now.serial_number, now.usb_ids) != (before.serial_number, before.usb_ids):
        return False
    # An adapter with several ports has one serial number: only the interface differs.
    return now.location.partition(":")[2] == before.location.partition(":")[2]


def _has_same_by_id(now: Adapter, before: Adapter) -> bool:
    """Return True if both have the same by-id name, and it does not depend on the socket of one of several twins."""
    is_one_of_many = bool(before.usb_ids and not before.has_own_number)
    return bool(before.by_id) and now.by_id == before.by_id and not is_one_of_many


def _has_same_location(now: Adapter, before: Adapter) -> bool:
    return bool(before.location) and now.location == before.location


def _find_target_name(link: Path) -> str:
    """Return the name of the file that a link points to; empty if there is no link."""
    return os.path.basename(os.path.realpath(link)) if link.exists() else ""


def read_text(path: Path) -> str:
    """Return the text of a small file of the kernel; empty if it does not exist or may not be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
