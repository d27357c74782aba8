"""The udev rules: whether they are installed, and whether udev applied them."""

import os
import shutil
import subprocess
import tomllib

from sniffer.sources.serial import udev_rules


def test_the_rules_are_found_in_a_checkout_and_in_an_installed_package(tmp_path):
    (tmp_path / "udev").mkdir()
    (tmp_path / "sniffer").mkdir()
    assert udev_rules.find_shipped_rules(tmp_path / "sniffer") == tmp_path / "udev"
    (tmp_path / "sniffer" / "udev").mkdir()
    assert udev_rules.find_shipped_rules(tmp_path / "sniffer") == tmp_path / "sniffer" / "udev"


def test_the_shipped_rules_are_the_generated_ones():
    assert {file.name for file in udev_rules.find_shipped_rules().glob("*.rules")} == {
        udev_rules.ACCESS,
        udev_rules.BRLTTY,
    }


def test_an_installed_package_has_them():
    project = tomllib.loads((udev_rules.find_shipped_rules().parent / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in (udev_rules.ACCESS, udev_rules.BRLTTY):
        assert included[f"udev/{name}"] == f"sniffer/udev/{name}"


def test_the_advice_installs_them(machine, tmp_path, monkeypatch):
    spaced = tmp_path / "a b" / "sniffer"
    shutil.copytree(udev_rules.find_shipped_rules(), spaced / "udev")
    monkeypatch.setattr(udev_rules, "find_shipped_rules", lambda: spaced / "udev")
    (copy, _, reload) = udev_rules.describe_installation().split("`")[1].partition(" && ")
    assert reload == "sudo udevadm control --reload"
    subprocess.run(copy.removeprefix("sudo "), shell=True, check=True)
    assert udev_rules.find_installed(udev_rules.ACCESS) == machine.rules / udev_rules.ACCESS
    assert udev_rules.is_ours(machine.rules / udev_rules.ACCESS)
    assert udev_rules.is_ours(machine.rules / udev_rules.BRLTTY)


def test_of_two_files_of_one_name_the_first_one_holds(machine, tmp_path):
    assert udev_rules.find_installed(udev_rules.ACCESS) is None
    (tmp_path / "more.d").mkdir()
    (tmp_path / "more.d" / udev_rules.ACCESS).touch()
    assert udev_rules.find_installed(udev_rules.ACCESS) == tmp_path / "more.d" / udev_rules.ACCESS
    (machine.rules / udev_rules.ACCESS).touch()
    assert udev_rules.find_installed(udev_rules.ACCESS) == machine.rules / udev_rules.ACCESS
    assert not udev_rules.is_ours(machine.rules / udev_rules.ACCESS)


def test_udevs_own_notes_tell_whether_it_went_by_them(machine):
    device = machine.plug("ttyUSB0")
    number = os.stat(device).st_rdev
    notes = machine.database / f"c{os.major(number)}:{os.minor(number)}"
    assert not udev_rules.has_applied(device)
    notes.write_text("E:ID_BUS=usb\nE:ID_EVSE_SNIFF=10\n")
    assert not udev_rules.has_applied(device)
    notes.write_text("I:123\nE:ID_EVSE_SNIFF=1\nG:uaccess\n")
    assert udev_rules.has_applied(device)
    assert not udev_rules.has_applied("/dev/ttyUSB99")
