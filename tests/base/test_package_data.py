"""The data files of the package."""

import pytest

from sniffer.base.package_data import read_package_text


def test_a_file_is_read_from_its_package() -> None:
    assert read_package_text("sniffer.core.wire", "data/crcs.csv").startswith("name,")


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError, match="none"):
        read_package_text("sniffer.core.wire", "data/none.csv")
