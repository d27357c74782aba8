"""Run all checks in order: the machine first, then the named port or every USB adapter."""

import os
import stat
from collections.abc import Iterator

from sniffer.base.platform import IS_POSIX
from sniffer.commands.doctor import machine_checks, port_checks
from sniffer.commands.doctor.check_result import CheckResult, Verdict, note, wrong
from sniffer.sources.serial.discovery import list_serial_ports


def run_checks(named: str | None, baud: int | None) -> Iterator[CheckResult]:
    """Yield the result of each check as it is found. Only a named port is opened, after all other checks.

    If `named` is None, all USB adapters are checked. If `baud` is None, the baud rate of the named port is found.
    """
    for check in machine_checks.CHECKS:
        found = check()
        if found:
            yield found
    if named is None:
        yield from _check_adapters()
    elif IS_POSIX and not os.path.exists(named):
        here = ", ".join(one.device for one in list_serial_ports()) or "none"
        yield wrong("port", f"{named} is not here", f"is the adapter plugged in? Ports here: {here}")
    elif IS_POSIX and not stat.S_ISCHR(os.stat(named).st_mode):
        yield wrong("port", f"{named} is no serial port", "`evse-sniff ports` lists those that are here")
    else:
        yield from _check_named(named, baud)


def _check_named(name: str, baud: int | None) -> Iterator[CheckResult]:
    """Yield the results for a named port.

    It is opened only if nothing that was found before keeps the tool from working.
    """
    is_free = True
    for found in _check_port(name):
        is_free = is_free and found.verdict is not Verdict.WRONG
        yield found
    if is_free:
        yield from port_checks.check_open_port(name, baud)


def _check_adapters() -> Iterator[CheckResult]:
    """Yield the results for every USB adapter, or a note if there is none."""
    devices = [one.device for one in list_serial_ports() if one.usb_ids]
    if not devices:
        yield note("port", "no USB adapter is here", "plug in a 3.3 V USB-TTL adapter, RX and GND only")
    for device in devices:
        yield from _check_port(device)


def _check_port(name: str) -> Iterator[CheckResult]:
    """Yield the results for a port without opening it."""
    seen = port_checks.examine_port(name)
    for check in port_checks.CHECKS:
        found = check(seen)
        if found:
            yield found
