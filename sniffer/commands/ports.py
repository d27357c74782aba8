"""The serial ports of this machine as lines for people, or as JSON: `evse-sniff ports`.

Nothing is opened: that would pulse DTR. Texts from an adapter are escaped.
"""

import json
import os
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import asdict

from sniffer.base.sanitize import printable
from sniffer.sources.serial.adapter import Adapter, find_adapter
from sniffer.sources.serial.discovery import Port, has_permission, list_serial_ports
from sniffer.sources.serial.holders import Holder, find_holders_by_port, format_holders
from sniffer.sources.serial.udev_names import find_stable_names

NO_PORT = (
    "no serial port here: plug in a 3.3 V USB-TTL adapter, RX and GND only, and try again; if one is plugged in,\n"
    "its driver is missing (`sudo dmesg` shows how the kernel recognised it), or brltty took it (`evse-sniff doctor`)"
)

_HEAD = ("PORT", "ADAPTER", "USB", "SERIAL", "LOCATION", "DRIVER", "LATENCY", "KNOWN BY", "STATE")
_NOTHING = "-"


class PortListing(Struct, frozen=True):
    """A port with its adapter, its stable names and the programs that hold it."""

    port: Port
    adapter: Adapter
    names: tuple[str, ...]
    holders: tuple[Holder, ...]
    has_permission: bool


def list_ports() -> list[PortListing]:
    """Return the ports that are present now. Raises `SourceError` if they cannot be listed."""
    found = list_serial_ports()
    holders = find_holders_by_port(port.device for port in found)
    return [
        PortListing(
            port,
            find_adapter(port.device),
            find_stable_names(os.path.realpath(port.device)),
            holders[port.device],
            has_permission(port.device),
        )
        for port in found
    ]


def format_table(ports: list[PortListing]) -> str:
    """Return the ports as a table, with the stable names of each below it, or advice if there is no port."""
    if not ports:
        return NO_PORT
    rows = [_HEAD, *(_format_row(one) for one in ports)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    table = [lines[0]]
    for line, one in zip(lines[1:], ports, strict=True):
        table.append(line)
        table += [f"{'':{widths[0]}}  = {printable(name)}" for name in one.names]
    return "\n".join(table)


def format_json(ports: list[PortListing]) -> Iterator[str]:
    """Yield one JSON object for each port."""
    for one in ports:
        listing = {
            "type": "port",
            "device": one.port.device,
            "product": one.port.product,
            "manufacturer": one.port.manufacturer,
            "usb_ids": one.port.usb_ids,
            "serial_number": one.adapter.serial_number,
            "location": one.adapter.location,
            "driver": one.adapter.driver,
            "names": one.names,
            "known_by": one.adapter.known_by,
            "latency_ms": one.adapter.latency_ms,
            "holders": [asdict(holder) for holder in one.holders],
            "permission": one.has_permission,
        }
        yield json.dumps(listing)


def _format_row(one: PortListing) -> tuple[str, ...]:
    """Return the cells of a port in the order of `_HEAD`, safe to show, with `_NOTHING` in place of an empty one."""
    adapter = one.adapter
    about = " ".join(part for part in (one.port.manufacturer, one.port.product) if part)
    latency = "" if adapter.latency_ms is None else f"{adapter.latency_ms} ms"
    known_by = "" if not adapter.known_by else "serial number" if adapter.has_own_number else "USB socket"
    about_usb = (one.port.usb_ids, adapter.serial_number, adapter.location, adapter.driver, latency)
    cells = (one.port.device, about, *about_usb, known_by)
    return *(printable(cell) or _NOTHING for cell in cells), _format_state(one)


def _format_state(one: PortListing) -> str:
    """Return the state of a port: in use and by which program, free, or without permission to open it."""
    if one.holders:
        return f"in use by {format_holders(one.holders)}"
    return "free" if one.has_permission else "no permission: `evse-sniff doctor` says what to do"
