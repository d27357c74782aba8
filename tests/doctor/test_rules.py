"""Whether the udev rules are there, and whether udev went by them."""

import os
import shutil
import subprocess
import tomllib

from sniffer.doctor import rules


def test_the_rules_are_found_in_a_checkout_and_in_an_installed_package(tmp_path):
    (tmp_path / "udev").mkdir()
    (tmp_path / "sniffer").mkdir()
    assert rules.shipped(tmp_path / "sniffer") == tmp_path / "udev"
    (tmp_path / "sniffer" / "udev").mkdir()
    assert rules.shipped(tmp_path / "sniffer") == tmp_path / "sniffer" / "udev"


def test_what_is_shipped_is_what_is_asked_for():
    assert {file.name for file in rules.shipped().glob("*.rules")} == {rules.ACCESS, rules.BRLTTY}


def test_an_installed_package_has_them():
    project = tomllib.loads((rules.shipped().parent / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in (rules.ACCESS, rules.BRLTTY):
        assert included[f"udev/{name}"] == f"sniffer/udev/{name}"


def test_the_advice_installs_them(machine, tmp_path, monkeypatch):
    spaced = tmp_path / "a b" / "sniffer"
    shutil.copytree(rules.shipped(), spaced / "udev")
    monkeypatch.setattr(rules, "shipped", lambda: spaced / "udev")
    (copy, _, reload) = rules.how_to_install().split("`")[1].partition(" && ")
    assert reload == "sudo udevadm control --reload"
    subprocess.run(copy.removeprefix("sudo "), shell=True, check=True)
    assert rules.installed(rules.ACCESS) == machine.rules / rules.ACCESS
    assert rules.is_ours(machine.rules / rules.ACCESS)
    assert rules.is_ours(machine.rules / rules.BRLTTY)


def test_of_two_files_of_one_name_the_first_one_holds(machine, tmp_path):
    assert rules.installed(rules.ACCESS) is None
    (tmp_path / "more.d").mkdir()
    (tmp_path / "more.d" / rules.ACCESS).touch()
    assert rules.installed(rules.ACCESS) == tmp_path / "more.d" / rules.ACCESS
    (machine.rules / rules.ACCESS).touch()
    assert rules.installed(rules.ACCESS) == machine.rules / rules.ACCESS
    assert not rules.is_ours(machine.rules / rules.ACCESS)


def test_udevs_own_notes_tell_whether_it_went_by_them(machine):
    device = machine.plug("ttyUSB0")
    number = os.stat(device).st_rdev
    notes = machine.database / f"c{os.major(number)}:{os.minor(number)}"
    assert not rules.acted_on(device)
    notes.write_text("E:ID_BUS=usb\nE:ID_EVSE_SNIFF=10\n")
    assert not rules.acted_on(device)
    notes.write_text("I:123\nE:ID_EVSE_SNIFF=1\nG:uaccess\n")
    assert rules.acted_on(device)
    assert not rules.acted_on("/dev/ttyUSB99")
