"""What is told to whoever may not open a port."""

import grp
import os

import pytest

from sniffer import system
from sniffer.sources.permission import who_may


@pytest.fixture
def port(tmp_path):
    """A file stands for the device."""
    path = tmp_path / "ttyUSB0"
    path.touch()
    return str(path)


def test_a_port_of_its_owner_alone_needs_the_rules(port):
    os.chmod(port, 0o600)
    assert who_may(port).startswith("it is for its owner alone: `evse-sniff doctor`")


def test_a_port_of_a_group_names_it(port, monkeypatch):
    os.chmod(port, 0o660)
    monkeypatch.setattr(os, "stat", lambda path: os.stat_result((0o20660, 0, 0, 1, 0, 20, 0, 0, 0, 0)))
    monkeypatch.setattr(grp, "getgrall", lambda: [grp.struct_group(("dialout", "x", 20, []))])
    assert who_may(port).startswith("it is for group dialout: run `sudo usermod -aG dialout $USER`")


def test_on_windows_another_program_holds_it(monkeypatch):
    monkeypatch.setattr(system, "IS_POSIX", False)
    assert who_may("COM5") == "close the program that holds it"
