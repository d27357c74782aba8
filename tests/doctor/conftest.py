import pytest

from sniffer.doctor import rules
from tests.sources.machine import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of ours, on which udev has neither rules nor devices."""
    made = Machine(tmp_path, monkeypatch)
    made.rules = tmp_path / "rules.d"
    made.database = tmp_path / "data"
    for folder in (made.rules, made.database):
        folder.mkdir()
    monkeypatch.setattr(rules, "INSTALLED", (made.rules, tmp_path / "more.d"))
    monkeypatch.setattr(rules, "DATABASE", made.database)
    return made
