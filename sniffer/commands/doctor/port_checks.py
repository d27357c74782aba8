"""Checks of one port. Only `check_open_port` opens it: the kernel pulses DTR and RTS when it does."""

import asyncio
import os
from collections.abc import Callable, Iterator

from msgspec import Struct

from sniffer.base import platform
from sniffer.base.errors import SourceError
from sniffer.base.phrasing import format_count
from sniffer.base.times import MILLISECOND
from sniffer.commands.doctor.check_result import CheckResult, note, ok, wrong
from sniffer.core.line.wiring import SAFELY
from sniffer.core.wire.items import Chunk, TapState
from sniffer.sources.open import LineOptions, open_source
from sniffer.sources.serial import udev_rules
from sniffer.sources.serial.adapter import Adapter, find_adapter
from sniffer.sources.serial.discovery import describe_access, has_permission
from sniffer.sources.serial.holders import Holder, find_holders, format_holders, sees_all_processes
from sniffer.sources.source import Item, Source

_LISTENING_SECONDS = 0.5
"""Seconds of listening at a known baud rate."""
_TRYING_SECONDS = 4.5
"""Additional seconds while the baud rate is not known: finding it takes at most five seconds of traffic."""
_POLL_SECONDS = 0.05
"""Seconds between two looks at the number of bytes received."""
_GET_RULES = "install the udev rules, which give adapters to whoever sits at the machine"
"""The advice whose command the check of the machine prints."""

_FINE_LATENCY_MS = 1
"""Milliseconds for which an adapter may hold bytes back, the least that FTDI's latency timer can be set to."""


class ExaminedPort(Struct, frozen=True):
    """A port with its adapter and the programs that hold it open."""

    name: str
    adapter: Adapter
    holders: tuple[Holder, ...]


def examine_port(port: str) -> ExaminedPort:
    """Return the port with its adapter and the programs that hold it. Does not open it."""
    return ExaminedPort(port, find_adapter(port), find_holders(port))


def check_identity(port: ExaminedPort) -> CheckResult:
    """Return the names of the port and its adapter, as a result that is never wrong."""
    one = port.adapter
    parts = (one.device, one.driver, one.usb_ids, one.serial_number, one.location)
    return ok("port", ", ".join(part for part in (port.name, *parts[one.device == port.name :]) if part))


def check_permission(port: ExaminedPort) -> CheckResult:
    """Check that this user may open the port."""
    if has_permission(port.name):
        return ok("permission", f"{port.name} may be opened")
    over_ssh = "; over SSH the rules do not count, the group does" if "SSH_CONNECTION" in os.environ else ""
    return wrong("permission", f"{port.name} may not be opened", describe_access(port.name, _GET_RULES) + over_ssh)


def check_rules_in_effect(port: ExaminedPort) -> CheckResult | None:
    """Check that udev applied the rules when the adapter was plugged in.

    Returns None if no rules are installed, or if the port is no USB adapter or this is not Linux.
    """
    if not platform.IS_LINUX or not port.adapter.usb_ids or udev_rules.find_installed(udev_rules.ACCESS) is None:
        return None
    if udev_rules.has_applied(port.name):
        return ok("udev rules", f"in effect on {port.name}")
    shown = f"not in effect on {port.name} ({port.adapter.usb_ids})"
    return note("udev rules", shown, "plug it in again; or they do not know this adapter")


def check_holders(port: ExaminedPort) -> CheckResult:
    """Check that no other program has the port open: the two would split the bytes."""
    if port.holders:
        return wrong("holders", f"{port.name} is open in {format_holders(port.holders)}", "close that program")
    unseen = "" if sees_all_processes() else "; programs of other users are seen if they lock it or log in on it"
    return ok("holders", f"nobody that we can see has {port.name} open{unseen}")


def check_latency(port: ExaminedPort) -> CheckResult | None:
    """Check how long the adapter holds bytes back. Returns None if that is unknown."""
    time = port.adapter.latency_ms
    if time is None:
        return None
    shown = f"{port.name} delivers bytes within {time} ms"
    if time <= _FINE_LATENCY_MS:
        return ok("latency", shown)
    return note(
        "latency", f"{shown} now", "while it reads, the tool asks for 1 ms itself; the udev rules set it for all"
    )


def check_line_errors(port: ExaminedPort) -> CheckResult | None:
    """Report a driver that reports no line errors. Returns None if it reports them, or if that is unknown."""
    if port.adapter.reports_line_errors:
        return None
    shown = (
        f"the driver of {port.name} ({port.adapter.driver}) reports none: a wrong rate, a break or lost bytes are noise"
    )
    return note("line errors", shown, "an FTDI or a CP2102 shows them at their bytes")


CHECKS: tuple[Callable[[ExaminedPort], CheckResult | None], ...] = (
    check_identity,
    check_permission,
    check_rules_in_effect,
    check_holders,
    check_latency,
    check_line_errors,
)


def check_open_port(port: str, baud: int | None) -> Iterator[CheckResult]:
    """Open the port, and report its settings, the number of bytes received, and the baud rate.

    If `baud` is None, the rate is found, and reported as a result of its own. If the port cannot be opened, that is the
    only result.
    """
    try:
        source = open_source(port, line_options=LineOptions(baud))
        received = asyncio.run(_listen(source))
    except SourceError as error:
        yield wrong("settings", "the port cannot be tapped", str(error))
        return
    tap = next(iter(source.taps), TapState(port))
    settings = f": {tap.settings}" if tap.settings else ""
    yield ok("settings", f"{port} was opened{settings}; {format_count(received, 'byte')} received")
    if tap.late is not None:
        yield _check_latency_set(tap.late)
    if baud is None:
        yield _check_rate(tap, received)


def _check_latency_set(late: int) -> CheckResult:
    """Report how long the adapter of the open port holds bytes back now, in nanoseconds.

    The tool has asked for the least.
    """
    shown = f"within {late / MILLISECOND:g} ms while the tool reads"
    if late <= _FINE_LATENCY_MS * MILLISECOND:
        return ok("latency", shown)
    return note("latency", shown, "the adapter or your rights do not allow less: install the udev rules")


def _check_rate(tap: TapState, received: int) -> CheckResult:
    """Report the baud rate, as far as it was found."""
    if tap.baud:
        return ok("baud", tap.rate or str(tap.baud))
    if received:
        return note("baud", tap.rate, f"`evse-sniff {tap.name}` keeps trying, and reports wrong wiring")
    return note(
        "baud",
        "unknown, as nothing was received",
        f"is RX on the wire, GND on ground, the board on? {SAFELY.removeprefix('. ')}",
    )


async def _listen(source: Source) -> int:
    """Run the source for a while, and return the number of bytes received. Raises the errors of the source."""
    received = 0

    def take(item: Item) -> None:
        nonlocal received
        if isinstance(item, Chunk):
            received += len(item.data)

    loop, reading = asyncio.get_running_loop(), asyncio.ensure_future(source.run(take))
    end = loop.time() + _LISTENING_SECONDS
    while not reading.done() and loop.time() < end + (_TRYING_SECONDS if received and not source.baud else 0):
        await asyncio.wait([reading], timeout=_POLL_SECONDS)
    if reading.done():
        reading.result()
    reading.cancel()
    await asyncio.wait([reading])
    return received
