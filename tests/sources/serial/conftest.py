import pytest

from tests.sources.serial.helpers import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)
