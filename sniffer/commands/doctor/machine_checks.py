"""Checks of the machine, with or without an adapter. A check that does not apply returns None."""

import locale
import os
import platform as python_platform
import shutil
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sniffer._version import __version__
from sniffer.base import platform
from sniffer.base.native import describe_form
from sniffer.base.platform import has_terminal
from sniffer.commands.doctor.check_result import CheckResult, note, ok, wrong
from sniffer.config.settings import SettingsFile, find_settings_path
from sniffer.recording.destination import TOTAL_SIZE, default_folder
from sniffer.sources.serial import holders, udev_rules
from sniffer.sources.serial.adapter import read_text

_FRAME = bytes(range(20))
_MEASURED_SECONDS = 0.02
"""Seconds for which the CRC is timed."""
_NARROW, _LOW = 80, 24
"""The columns and rows that the screen needs at least."""
_UTF8 = ("utf-8", "utf8")


def check_versions() -> CheckResult:
    """Report the versions of the tool and of what it runs on."""
    parts = ", ".join(f"{name} {_find_version(name)}" for name in ("textual", "pyserial", "crcmod-plus"))
    own = f"evse-sniff {__version__} ({describe_form()})"
    return ok("versions", f"{own}, Python {python_platform.python_version()}, {parts}")


def check_checksum() -> CheckResult:
    """Check that the CRC is compiled: in Python it keeps up with a line, but not with a long recording."""
    from sniffer.core.wire.crc import crc16

    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < _MEASURED_SECONDS:
        for _ in range(100):
            crc16(_FRAME)
        count += 100
    speed = f"{passed / count * 1e9:.0f} ns for a frame of {len(_FRAME)} bytes"
    if crc16.__module__.startswith("fastcrc"):
        return ok("CRC", f"by fastcrc: {speed}")
    from crcmod import crcmod

    # crcmod has no public name that says whether its C part was found.
    if getattr(crcmod, "_usingExtension", False):
        return ok("CRC", f"in C: {speed}")
    return note("CRC", f"in Python, not in C: {speed}", "`pip install --force-reinstall crcmod-plus`")


def check_access_rules() -> CheckResult | None:
    """Check the udev rules that give the user at the machine access to adapters. Returns None if this is not Linux."""
    if not platform.IS_LINUX:
        return None
    path = udev_rules.find_installed(udev_rules.ACCESS)
    if path is None:
        return note("udev rules", "not installed", udev_rules.describe_installation())
    if not udev_rules.is_ours(path):
        return note("udev rules", f"{path} is of another version", udev_rules.describe_installation(udev_rules.ACCESS))
    return ok("udev rules", f"{path}")


def check_modem_manager() -> CheckResult | None:
    """Check ModemManager, which probes each new port for a modem and so writes to the bus.

    Returns None if this is not Linux.
    """
    if not platform.IS_LINUX:
        return None
    if not _is_running("ModemManager"):
        return ok("ModemManager", "does not run")
    if udev_rules.find_installed(udev_rules.ACCESS):
        return ok("ModemManager", "runs, and is kept off the adapters that the udev rules know")
    return note("ModemManager", "runs, and may write to a new port", "install the udev rules")


def check_brltty() -> CheckResult | None:
    """Check brltty, the driver of braille displays.

    Some of these have the same chips as adapters, so brltty takes the port. Returns None if this is not Linux.
    """
    if not platform.IS_LINUX:
        return None
    if _is_running("brltty"):
        return note(
            "brltty",
            "runs, and may take an adapter away",
            "without a braille display here: `sudo systemctl mask --now brltty.service brltty-udev.service`",
        )
    if any(folder.is_dir() and any(folder.glob("*brltty*.rules")) for folder in udev_rules.INSTALLED):
        if udev_rules.find_installed(udev_rules.BRLTTY):
            return ok("brltty", "does not run, and is not started for an adapter")
        return note(
            "brltty",
            "is started when some adapters are plugged in",
            udev_rules.describe_installation(udev_rules.BRLTTY),
        )
    return ok("brltty", "does not run")


def check_terminal() -> CheckResult:
    """Check that the terminal has what the screen needs."""
    if not has_terminal():
        return note("terminal", "standard output is not a terminal", "the screen needs one; `evse-sniff dump` does not")
    kind = os.environ.get("TERM", "")
    if kind in ("", "dumb"):
        return wrong(
            "terminal", f"TERM is {kind or 'not set'}", "`export TERM=xterm-256color`, or use `evse-sniff dump`"
        )
    size = os.get_terminal_size()
    shown = f"{kind}, {size.columns} x {size.lines}, {_describe_colours(kind)}"
    encoding = locale.getencoding()
    if encoding.lower() not in _UTF8:
        return note("terminal", f"{shown}, {encoding}", "`export LANG=C.UTF-8`, or lines and symbols are drawn wrongly")
    if size.columns < _NARROW or size.lines < _LOW:
        return note("terminal", shown, f"make it larger: the screen needs {_NARROW} x {_LOW}")
    return ok("terminal", f"{shown}, UTF-8")


def check_recordings() -> CheckResult:
    """Check that the folder of automatic recordings can be written and has room."""
    folder = default_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return note("recordings", f"{folder} cannot be written", "correct its permissions, or record with `-o FILE`")
    free = shutil.disk_usage(there).free
    shown = f"{folder}, {free / 1e9:.1f} GB free"
    if free < TOTAL_SIZE:
        return note("recordings", shown, f"make room: recordings take up to {TOTAL_SIZE / 1e9:.1f} GB")
    return ok("recordings", shown)


def check_settings() -> CheckResult | None:
    """Check that the settings of the user can be used. Returns None if there are none."""
    path = find_settings_path()
    if complaint := SettingsFile(path).complaint:
        return note("settings", complaint.removeprefix("settings: "), "the rest is used, and defaults for these")
    return ok("settings", f"{path}") if path.exists() else None


CHECKS: tuple[Callable[[], CheckResult | None], ...] = (
    check_versions,
    check_checksum,
    check_terminal,
    check_recordings,
    check_settings,
    check_access_rules,
    check_modem_manager,
    check_brltty,
)


def _find_version(package: str) -> str:
    """Return the version of a package, or words for an unknown one."""
    try:
        return version(package)
    # A package that was not installed by pip may have no metadata.
    except PackageNotFoundError:
        return "of unknown version"


def _describe_colours(kind: str) -> str:
    """Return the number of colours of a terminal with this `TERM`, in words."""
    if "NO_COLOR" in os.environ:
        return "no colours, as NO_COLOR is set"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in kind else "16 colours"


def _is_running(name: str) -> bool:
    """Return True if a process of this name runs."""
    return any(read_text(Path(comm)) == name for comm in holders.PROCESSES.glob("[0-9]*/comm"))
