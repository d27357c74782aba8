"""udev's rules: whether ours are installed, and whether udev acted by them when an adapter was plugged in.

The rules come with the tool: in a checkout in `udev/`, in an installed package inside of it.
"""

import os
import shlex
from pathlib import Path

from sniffer.sources.serial.adapter import read_text

INSTALLED = tuple(
    Path(folder) for folder in ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d")
)
"""Where udev looks; of two files of one name, the first one holds."""

DATABASE = Path("/run/udev/data")
ACCESS = "70-evse-sniff.rules"
BRLTTY = "99-evse-sniff.rules"

_MARK = "E:ID_EVSE_SNIFF=1"
_PACKAGE = Path(__file__).parents[2]


def find_shipped_rules(package: Path = _PACKAGE) -> Path:
    """The folder of the rules that come with this package."""
    inside = package / "udev"
    return inside if inside.is_dir() else package.parent / "udev"


def describe_installation(name: str = "*.rules") -> str:
    """What to type; `*.rules` are all of them."""
    copy = f"sudo cp {shlex.quote(str(find_shipped_rules()))}/{name} {INSTALLED[0]}/"
    return f"`{copy} && sudo udevadm control --reload`, then plug the adapter in again"


def find_installed(name: str) -> Path | None:
    """The file of this name that udev reads."""
    return next((folder / name for folder in INSTALLED if (folder / name).is_file()), None)


def is_ours(path: Path) -> bool:
    """Whether an installed file says what ours says in this version."""
    return read_text(path) == read_text(find_shipped_rules() / path.name)


def has_applied(device: str) -> bool:
    """Whether udev went by our rules when this device came."""
    try:
        number = os.stat(device).st_rdev
    # The adapter was pulled out meanwhile.
    except OSError:
        return False
    return _MARK in read_text(DATABASE / f"c{os.major(number)}:{os.minor(number)}").splitlines()
