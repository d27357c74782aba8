"""`evse-sniff ports` and `evse-sniff doctor`, as commands."""

import json
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


def test_ports_are_a_table_or_json_lines(machine, capsys):
    device = machine.plug_usb("ttyUSB0", "0403:6001", "A1", latency=16)
    machine.plug("ttyS0")
    assert main(["ports"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["PORT", device, str(machine.dev / "ttyS0")]
    assert main(["ports", "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["device"], first["usb_ids"], first["latency_ms"]) == (device, "0403:6001", 16)
    assert second["usb_ids"] == ""


def test_without_ports_there_is_advice_and_for_scripts_nothing(machine, capsys):
    assert main(["ports"]) == 0
    assert capsys.readouterr().out.startswith("no serial port here")
    assert main(["ports", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_rules_for_names_are_printed(machine, capsys):
    com = machine.plug_usb("ttyUSB0", serial="A1", location="1-1:1.0")
    pwr = machine.plug_usb("ttyUSB1", serial="B2", location="1-2:1.0")
    assert main(["ports", "--udev", com, pwr]) == 0
    told = capsys.readouterr().out
    assert told.index('"A1"') < told.index("evse-com") < told.index('"B2"') < told.index("evse-pwr")


def test_a_port_that_cannot_be_named_is_told_in_one_line(machine, capsys):
    assert main(["ports", "--udev", "/dev/ttyUSB9"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_third_port_is_wrong_usage(machine, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["ports", "--udev", "a", "b", "c"])
    assert "one or two ports" in capsys.readouterr().err


def test_the_doctor_is_content_where_nothing_is_wrong(machine, capsys):
    machine.plug_usb("ttyUSB0", serial="A1")
    assert main(["doctor"]) == 0
    words = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert set(words) <= {"ok", "note"}
    assert len(words) > 8


def test_the_doctor_opens_the_port_that_is_named(machine, capsys, line):
    assert main(["doctor", line, "--baud", "9600"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("ok     settings")
    assert "9600" in last
    assert "0 bytes received" in last


def test_what_is_wrong_makes_the_status_1(machine, capsys, line):
    machine.run(41, "mini\x1bcom", line)
    assert main(["doctor", line]) == 1
    out = capsys.readouterr().out
    assert f"WRONG  holders       {line} is open in mini\\x1bcom (41): close that program" in out
    assert "was opened" not in out


def test_a_port_that_is_not_here_is_wrong(machine, capsys):
    assert main(["doctor", "/dev/ttyUSB99"]) == 1
    assert "/dev/ttyUSB99 is not here" in capsys.readouterr().out
