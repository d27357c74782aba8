"""The names of the two wires, /dev/evse-com and /dev/evse-pwr, which stay the same whatever is plugged in before.

In: ports. Out: the names that they have, or the udev rules that give the names to them. A rule knows an adapter by its
serial number; where it has none, or one that others have as well, by the USB socket that it is plugged into.
"""

import os
import re
from collections.abc import Iterator, Sequence

from sniffer.base.errors import SourceError
from sniffer.sources.serial import adapter as files
from sniffer.sources.serial.adapter import Adapter, find_adapter, list_by_id_names, list_usb_adapters

WIRES = ("evse-com", "evse-pwr")
"""What the communication processor says, and what the power board says."""

FILE = "71-evse-names.rules"
"""The number in the name matters: what the rules ask for is found out in 60-serial.rules."""

_OWN_NUMBER = re.compile(r"(?!0*1?$)[A-Za-z0-9_.:+-]+")
"""A serial number that is likely to be one: makers leave 0001 in all of a series. It needs no quoting in a rule."""


def find_stable_names(device: str) -> tuple[str, ...]:
    """The names of this device that stay the same: ours first, then udev's own."""
    own = tuple(name for name in _our_links() if os.path.realpath(name) == device)
    by_id = list_by_id_names().get(device)
    return own + ((by_id,) if by_id else ())


def format_rules(ports: Sequence[str]) -> str:
    """The rules that name the adapter of the first port /dev/evse-com, and that of the second /dev/evse-pwr.

    Raises `SourceError` for a port that is not here, that is no USB adapter, or that is named twice.
    """
    found = [_usb_adapter(port) for port in ports]
    if len({one.device for one in found}) < len(found):
        raise SourceError(f"{ports[0]}, {ports[1]}: the same port: each wire needs an adapter of its own")
    lines = [
        f"# Save as /etc/udev/rules.d/{FILE}; run `sudo udevadm control --reload`; plug the adapters in again.",
        *(line for one, name in zip(found, WIRES, strict=False) for line in _rule(one, name)),
    ]
    return "\n".join(lines)


def _our_links() -> Iterator[str]:
    for name in WIRES:
        if (files.DEVICES / name).is_symlink():
            yield str(files.DEVICES / name)


def _usb_adapter(port: str) -> Adapter:
    found = find_adapter(port)
    if not found.device:
        raise SourceError(f"{port}: no such port: `evse-sniff ports` lists those that are here")
    if not found.location:
        raise SourceError(f"{port}: no USB adapter: it has this one name")
    return found


def _rule(one: Adapter, name: str) -> Iterator[str]:
    socket, _, interface = one.location.partition(":")
    if _has_own_number(one, socket):
        vendor, _, product = one.usb_ids.partition(":")
        # udev has the number of the interface in hex, the name of its folder in decimal.
        number = int(interface.rpartition(".")[2])
        yield "# the adapter with this serial number, in any USB socket"
        yield (
            f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}", '
            f'ATTRS{{serial}}=="{one.serial_number}", ENV{{ID_USB_INTERFACE_NUM}}=="{number:02x}", SYMLINK+="{name}"'
        )
    else:
        yield "# any adapter in this USB socket: this one has no serial number of its own"
        yield f'SUBSYSTEM=="tty", KERNELS=="{one.location}", SYMLINK+="{name}"'


def _has_own_number(one: Adapter, socket: str) -> bool:
    is_shared = any(
        (other.usb_ids, other.serial_number) == (one.usb_ids, one.serial_number)
        and other.location.partition(":")[0] != socket
        for other in list_usb_adapters()
    )
    return bool(_OWN_NUMBER.fullmatch(one.serial_number)) and not is_shared
