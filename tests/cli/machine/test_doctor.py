"""`evse-sniff doctor` as a command."""

import os

import pytest

from sniffer.cli import main
from sniffer.sources.serial import udev_rules
from tests.sources.serial.helpers import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(udev_rules, "INSTALLED", (tmp_path / "rules.d",))
    return Machine(tmp_path, monkeypatch)


@pytest.fixture
def line():
    main_end, port = os.openpty()
    yield os.ttyname(port)
    os.close(main_end)
    os.close(port)


def test_the_status_is_0_if_nothing_is_wrong(machine, capsys):
    machine.plug_usb("ttyUSB0", serial="A1")
    assert main(["doctor"]) == 0
    words = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert set(words) <= {"ok", "note"}
    assert len(words) > 8


def test_a_port_that_is_named_is_opened(machine, capsys, line):
    assert main(["doctor", line, "--baud", "9600"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("ok     settings")
    assert "9600" in last
    assert "0 bytes received" in last


def test_a_wrong_result_makes_the_status_1(machine, capsys, line):
    machine.run(41, "mini\x1bcom", line)
    assert main(["doctor", line]) == 1
    out = capsys.readouterr().out
    assert f"WRONG  holders       {line} is open in mini\\x1bcom (41): close that program" in out
    assert "was opened" not in out


def test_a_port_that_is_not_here_is_wrong(machine, capsys):
    assert main(["doctor", "/dev/ttyUSB99"]) == 1
    assert "/dev/ttyUSB99 is not here" in capsys.readouterr().out
