"""The serial ports of a machine, found without opening any, and the advice for a port without permission."""

import grp
import os

import pytest
from serial.tools import list_ports

from sniffer.base import platform
from sniffer.base.errors import SourceError
from sniffer.sources.serial import adapter, holders
from sniffer.sources.serial.adapter import find_stable_name
from sniffer.sources.serial.discovery import Port, describe_access, list_serial_ports, sort_ports


@pytest.fixture
def port(tmp_path):
    """Return the path of a file that stands for the device."""
    path = tmp_path / "ttyUSB0"
    path.touch()
    return str(path)


def test_a_port_of_its_owner_alone_needs_the_rules(port):
    os.chmod(port, 0o600)
    assert describe_access(port).startswith("it is for its owner alone: `evse-sniff doctor`")


def test_a_port_of_a_group_names_it(port, monkeypatch):
    os.chmod(port, 0o660)
    monkeypatch.setattr(os, "stat", lambda path: os.stat_result((0o20660, 0, 0, 1, 0, 20, 0, 0, 0, 0)))
    monkeypatch.setattr(grp, "getgrall", lambda: [grp.struct_group(("dialout", "x", 20, []))])
    assert describe_access(port).startswith("it is for group dialout: run `sudo usermod -aG dialout $USER`")


def test_on_windows_another_program_holds_it(monkeypatch):
    monkeypatch.setattr(platform, "IS_POSIX", False)
    assert describe_access("COM5") == "close the program that holds it"


def test_an_adapter_is_identified_by_its_descriptors(machine):
    device = machine.plug("ttyUSB0", product="FT232R USB UART", manufacturer="FTDI", vid=0x0403, pid=0x6001)
    link = machine.link("usb-FTDI-if00", device)
    assert list_serial_ports() == [Port(device, "FT232R USB UART", "FTDI", "0403:6001", link, "")]
    assert find_stable_name(device) == link
    assert find_stable_name(link) == link


def test_a_port_of_which_nothing_is_known_has_its_name(machine):
    device = machine.plug("ttyS0")
    assert list_serial_ports() == [Port(device)]
    assert find_stable_name(device) == ""


def test_a_built_in_port_without_hardware_is_left_out(machine):
    for name, kind in (("ttyS0", "4"), ("ttyS1", "0")):
        machine.plug(name)
        (machine.terminals / name).mkdir()
        (machine.terminals / name / "type").write_text(f"{kind}\n")
    assert [os.path.basename(port.device) for port in list_serial_ports()] == ["ttyS0"]


def test_adapters_come_first_and_numbers_count_as_numbers():
    names = ["/dev/ttyS1", "/dev/ttyUSB10", "/dev/ttyS0", "/dev/ttyUSB9", "/dev/ttyACM0"]
    order = sort_ports(Port(name, usb_ids="" if "ttyS" in name else "0403:6001") for name in names)
    assert [port.device for port in order] == [
        "/dev/ttyACM0",
        "/dev/ttyUSB9",
        "/dev/ttyUSB10",
        "/dev/ttyS0",
        "/dev/ttyS1",
    ]


def test_a_port_that_other_programs_have_open_is_in_use(machine):
    device = machine.plug("ttyUSB0")
    machine.plug("ttyUSB1")
    machine.run(41, "minicom", device)
    machine.run(42, "picocom", device)
    assert [port.trouble for port in list_serial_ports()] == ["in use by minicom, picocom", ""]


def test_a_holder_that_cannot_be_seen_has_no_name(machine):
    state = os.stat(machine.plug("ttyUSB0"))
    inode = f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}"
    machine.locks.write_text(f"1: FLOCK  ADVISORY  WRITE 0 {inode} 0 EOF\n")
    assert list_serial_ports()[0].trouble == "in use"


def test_a_port_that_is_not_for_us_is_marked(machine, monkeypatch):
    machine.plug("ttyUSB0")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert list_serial_ports()[0].trouble == "no permission"


def test_an_adapter_that_goes_while_it_is_looked_at_is_looked_at_again(machine, monkeypatch):
    machine.plug("ttyUSB1")
    answers = [TypeError("int() argument must be a string"), machine.found]

    def comports():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(list_ports, "comports", comports)
    assert len(list_serial_ports()) == 1


def test_ports_that_cannot_be_listed_at_all_are_reported(machine, monkeypatch):
    def comports():
        raise OSError("no sysfs")

    monkeypatch.setattr(list_ports, "comports", comports)
    with pytest.raises(SourceError, match="the serial ports cannot be listed: no sysfs"):
        list_serial_ports()


def test_without_udev_and_the_kernels_files_there_are_names_only(machine, monkeypatch, tmp_path):
    for module, name in ((adapter, "BY_ID"), (adapter, "TERMINALS"), (holders, "PROCESSES"), (holders, "LOCKS")):
        monkeypatch.setattr(module, name, tmp_path / "nothing")
    device = machine.plug("COM5")
    assert list_serial_ports() == [Port(device)]
