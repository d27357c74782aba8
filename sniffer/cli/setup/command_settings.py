"""The settings as the commands without a screen use them: with one complaint, however many options ask for them."""

from functools import cache

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.output import print_prefixed

if TYPE_CHECKING:
    from pathlib import Path

    from sniffer.config.settings import Settings


def read_settings() -> "Settings":
    """Return the settings of the user, read once. What is wrong with them is printed then."""
    from sniffer.config.settings import find_settings_path

    return _read(find_settings_path())


@cache
def _read(path: "Path") -> "Settings":
    from sniffer.config.settings import SettingsFile

    file = SettingsFile(path)
    if file.complaint:
        print_prefixed(file.complaint)
    return file.settings
