"""The error for a missing package names the extra to install."""

import pytest

from sniffer.base.errors import SnifferError
from sniffer.fleet.lake.packages import require_packages


def test_a_missing_package_is_named_with_its_extra() -> None:
    with pytest.raises(SnifferError) as caught:
        require_packages(("json", "no_such_package"), "fleet")
    assert str(caught.value) == "the lake needs no_such_package: `pip install 'evse-sniff[fleet]'`"


def test_packages_that_are_there_are_enough() -> None:
    require_packages(("json", "sqlite3"), "fleet")
