"""`evse-sniff ports` as a command."""

import json
import stat

import pytest

from sniffer.cli import main
from sniffer.sources.serial import udev_rules
from tests.sources.serial.helpers import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(udev_rules, "INSTALLED", (tmp_path / "rules.d",))
    return Machine(tmp_path, monkeypatch)


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
    printed = capsys.readouterr().out
    assert printed.index('"A1"') < printed.index("evse-com") < printed.index('"B2"') < printed.index("evse-pwr")


def test_rules_go_into_a_file_that_others_may_read(machine, capsys, tmp_path):
    com = machine.plug_usb("ttyUSB0", serial="A1", location="1-1:1.0")
    path = tmp_path / "71-evse-names.rules"
    assert main(["ports", "--udev", com, "--output", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert '"A1"' in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_file_of_rules_stays_if_a_port_is_missing_and_is_replaced_if_none_is(machine, capsys, tmp_path):
    com = machine.plug_usb("ttyUSB0", serial="A1", location="1-1:1.0")
    path = tmp_path / "71-evse-names.rules"
    path.write_text("before")
    assert main(["ports", "--udev", com, "/dev/ttyUSB9", "-o", str(path)]) == 1
    assert "no such port" in capsys.readouterr().err
    assert path.read_text() == "before"
    assert main(["ports", "--udev", com, "-o", str(path)]) == 0
    assert "before" not in path.read_text()


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_only_rules_go_into_a_file(machine, capsys, words):
    with pytest.raises(SystemExit, match="2"):
        main(["ports", *words, "--output", "x"])
    assert "only the rules of --udev" in capsys.readouterr().err


def test_a_port_that_cannot_be_named_is_reported_in_one_line(machine, capsys):
    assert main(["ports", "--udev", "/dev/ttyUSB9"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_third_port_is_wrong_usage(machine, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["ports", "--udev", "a", "b", "c"])
    assert "one or two ports" in capsys.readouterr().err
