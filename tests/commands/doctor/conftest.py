import pytest

from tests.sources.serial.helpers import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a machine on which udev has neither rules nor devices."""
    return Machine(tmp_path, monkeypatch)
