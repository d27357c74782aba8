"""The udev rules of the tool: whether they are installed, and whether udev applied them to an adapter.

The rules come with the tool: in `udev/` of a checkout, or inside an installed package.
"""

import os
import shlex
from pathlib import Path

from sniffer.sources.serial.adapter import read_text

INSTALLED = tuple(
    Path(folder) for folder in ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d")
)
"""The folders that udev reads. Of two files with one name the first one counts."""

DATABASE = Path("/run/udev/data")
ACCESS = "70-evse-sniff.rules"
BRLTTY = "99-evse-sniff.rules"

_MARK = "E:ID_EVSE_SNIFF=1"
_PACKAGE = Path(__file__).parents[2]


def find_shipped_rules(package: Path = _PACKAGE) -> Path:
    """Return the folder of the rules that come with this package."""
    inside = package / "udev"
    return inside if inside.is_dir() else package.parent / "udev"


def describe_installation(name: str = "*.rules") -> str:
    """Return the command that installs these rules, and the next step, for a message."""
    copy = f"sudo cp {shlex.quote(str(find_shipped_rules()))}/{name} {INSTALLED[0]}/"
    return f"`{copy} && sudo udevadm control --reload`, then plug the adapter in again"


def find_installed(name: str) -> Path | None:
    """Return the installed rules file of this name that udev reads; None if there is none."""
    return next((folder / name for folder in INSTALLED if (folder / name).is_file()), None)


def is_ours(path: Path) -> bool:
    """Return True if an installed file is the same as that of this version."""
    return read_text(path) == read_text(find_shipped_rules() / path.name)


def has_applied(device: str) -> bool:
    """Return True if udev applied our rules when this device was plugged in."""
    try:
        number = os.stat(device).st_rdev
    except OSError:
        # The adapter was pulled out meanwhile.
        return False
    return _MARK in read_text(DATABASE / f"c{os.major(number)}:{os.minor(number)}").splitlines()
