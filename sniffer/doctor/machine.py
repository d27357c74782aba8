"""What is looked at on any machine, with or without an adapter. A check that does not apply there tells nothing."""

import locale
import os
import platform
import shutil
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sniffer import __version__, system
from sniffer.doctor import rules
from sniffer.doctor.finding import Finding, note, ok, wrong
from sniffer.recording.places import TOTAL_SIZE, own_folder
from sniffer.sources import holders
from sniffer.sources.adapter import read
from sniffer.terminal import has_terminal

_FRAME = bytes(range(20))
_MEASURED_SECONDS = 0.02
_NARROW, _LOW = 80, 24
_UTF8 = ("utf-8", "utf8")


def versions() -> Finding:
    """The tool, and what it runs on."""
    parts = ", ".join(f"{name} {_version(name)}" for name in ("textual", "pyserial", "crcmod-plus"))
    return ok("versions", f"evse-sniff {__version__}, Python {platform.python_version()}, {parts}")


def checksum() -> Finding:
    """The CRC in C; its slow form keeps up with a line, but not with a long recording."""
    from crcmod import crcmod

    from sniffer.wire.crc import crc16

    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < _MEASURED_SECONDS:
        for _ in range(100):
            crc16(_FRAME)
        count += 100
    speed = f"{passed / count * 1e9:.0f} ns for a frame of {len(_FRAME)} bytes"
    # It tells by this name only whether the part in C was found.
    if getattr(crcmod, "_usingExtension", False):
        return ok("CRC", f"in C: {speed}")
    return note("CRC", f"in Python, not in C: {speed}", "`pip install --force-reinstall crcmod-plus`")


def access_rules() -> Finding | None:
    """The rules that give adapters to whoever sits at the machine."""
    if not system.IS_LINUX:
        return None
    path = rules.installed(rules.ACCESS)
    if path is None:
        return note("udev rules", "not installed", rules.how_to_install())
    if not rules.is_ours(path):
        return note("udev rules", f"{path} is of another version", rules.how_to_install(rules.ACCESS))
    return ok("udev rules", f"{path}")


def modem_manager() -> Finding | None:
    """ModemManager asks each new port whether it is a modem, which writes to the bus."""
    if not system.IS_LINUX:
        return None
    if not _runs("ModemManager"):
        return ok("ModemManager", "does not run")
    if rules.installed(rules.ACCESS):
        return ok("ModemManager", "runs, and is kept off the adapters that the udev rules know")
    return note("ModemManager", "runs, and may write to a new port", "install the udev rules")


def brltty() -> Finding | None:
    """The driver of braille displays, some of which have the same chips as adapters: it takes the port away."""
    if not system.IS_LINUX:
        return None
    if _runs("brltty"):
        return note(
            "brltty",
            "runs, and may take an adapter away",
            "without a braille display here: `sudo systemctl mask --now brltty.service brltty-udev.service`",
        )
    if any(folder.is_dir() and any(folder.glob("*brltty*.rules")) for folder in rules.INSTALLED):
        if rules.installed(rules.BRLTTY):
            return ok("brltty", "does not run, and is not started for an adapter")
        return note("brltty", "is started when some adapters are plugged in", rules.how_to_install(rules.BRLTTY))
    return ok("brltty", "does not run")


def terminal() -> Finding:
    """What the screen needs."""
    if not has_terminal():
        return note("terminal", "this is none", "the screen needs one; `evse-sniff dump` does without")
    kind = os.environ.get("TERM", "")
    if kind in ("", "dumb"):
        return wrong(
            "terminal", f"TERM is {kind or 'not set'}", "`export TERM=xterm-256color`, or use `evse-sniff dump`"
        )
    size = os.get_terminal_size()
    told = f"{kind}, {size.columns} x {size.lines}, {_colours(kind)}"
    encoding = locale.getencoding()
    if encoding.lower() not in _UTF8:
        return note("terminal", f"{told}, {encoding}", "`export LANG=C.UTF-8`, or lines and signs are drawn wrongly")
    if size.columns < _NARROW or size.lines < _LOW:
        return note("terminal", told, f"the screen wants {_NARROW} x {_LOW}")
    return ok("terminal", f"{told}, UTF-8")


def recordings() -> Finding:
    """Where sessions are recorded by themselves."""
    folder = own_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return note("recordings", f"{folder} cannot be written", "mend its permissions, or record with `-o FILE`")
    free = shutil.disk_usage(there).free
    told = f"{folder}, {free / 1e9:.1f} GB free"
    if free < TOTAL_SIZE:
        return note("recordings", told, f"make room: recordings take up to {TOTAL_SIZE / 1e9:.1f} GB")
    return ok("recordings", told)


CHECKS: tuple[Callable[[], Finding | None], ...] = (
    versions,
    checksum,
    terminal,
    recordings,
    access_rules,
    modem_manager,
    brltty,
)


def _version(package: str) -> str:
    try:
        return version(package)
    # What was not installed by pip may still be there under another name.
    except PackageNotFoundError:
        return "of unknown version"


def _colours(kind: str) -> str:
    if "NO_COLOR" in os.environ:
        return "no colours, as NO_COLOR asks"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in kind else "16 colours"


def _runs(name: str) -> bool:
    return any(read(Path(comm)) == name for comm in holders.PROCESSES.glob("[0-9]*/comm"))
