"""Stable names for the adapters on the two wires: /dev/evse-com and /dev/evse-pwr, whichever is plugged in first.

In: ports. Out: their stable names, or the udev rules that create these names. A rule recognises an adapter by its
serial number. If it has none, or shares it with another adapter, the rule names the USB socket instead.
"""

import os
from collections.abc import Iterator, Sequence

from sniffer.base.errors import SourceError
from sniffer.base.late_pattern import compile_late
from sniffer.sources.serial import adapter
from sniffer.sources.serial.adapter import Adapter, find_adapter, list_by_id_names

WIRES = ("evse-com", "evse-pwr")
"""The wire from the communication processor, and the wire from the power board."""

FILE = "71-evse-names.rules"
"""The number must be greater than 60: 60-serial.rules sets the variables that the rules test."""

_PLAIN_NUMBER = compile_late(r"[A-Za-z0-9_.:+-]+")
"""A serial number whose characters need no quoting in a rule."""


def find_stable_names(device: str) -> tuple[str, ...]:
    """Return the stable names of this device: those of our rules first, then that of udev."""
    own = tuple(name for name in _list_our_links() if os.path.realpath(name) == device)
    by_id = list_by_id_names().get(device)
    return own + ((by_id,) if by_id else ())


def format_rules(ports: Sequence[str]) -> str:
    """Return a rules file that names the first port's adapter /dev/evse-com, and the second's /dev/evse-pwr.

    Raises `SourceError` for a port that does not exist, is no USB adapter, or is named twice.
    """
    found = [_find_usb_adapter(port) for port in ports]
    if len({one.device for one in found}) < len(found):
        raise SourceError(f"{ports[0]}, {ports[1]}: the same port: each wire needs an adapter of its own")
    lines = [
        f"# Save as /etc/udev/rules.d/{FILE}; run `sudo udevadm control --reload`; plug the adapters in again.",
        *(line for one, name in zip(found, WIRES, strict=False) for line in _format_rule(one, name)),
    ]
    return "\n".join(lines)


def _list_our_links() -> Iterator[str]:
    """Yield the names under `/dev` that our udev rules have given."""
    for name in WIRES:
        if (adapter.DEVICES / name).is_symlink():
            yield str(adapter.DEVICES / name)


def _find_usb_adapter(port: str) -> Adapter:
    found = find_adapter(port)
    if not found.device:
        raise SourceError(f"{port}: no such port: `evse-sniff ports` lists those that are here")
    if not found.location:
        raise SourceError(f"{port}: no USB adapter: only USB adapters get names of their own")
    return found


def _format_rule(one: Adapter, name: str) -> Iterator[str]:
    """Yield the lines of the rule that gives an adapter this name."""
    interface = one.location.partition(":")[2]
    if one.has_own_number and _PLAIN_NUMBER.fullmatch(one.serial_number):
        vendor, _, product = one.usb_ids.partition(":")
        # udev has the number of the interface in hex; in the name of its folder it is decimal.
        number = int(interface.rpartition(".")[2])
        yield "# the adapter with this serial number, in any USB socket"
        yield (
            f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}", '
            f'ATTRS{{serial}}=="{one.serial_number}", ENV{{ID_USB_INTERFACE_NUM}}=="{number:02x}", SYMLINK+="{name}"'
        )
    else:
        yield "# any adapter in this USB socket: this one has no serial number of its own"
        yield f'SUBSYSTEM=="tty", KERNELS=="{one.location}", SYMLINK+="{name}"'
