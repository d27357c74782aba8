"""The ports of a machine, from what pyserial and the kernel's files tell; none is opened."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from sniffer.errors import SourceError
from sniffer.sources import ports
from sniffer.sources.ports import Port, in_order, list_serial_ports, stable_name


@dataclass
class Found:
    device: str
    product: str | None = None
    manufacturer: str | None = None
    vid: int | None = None
    pid: int | None = None


class Machine:
    """A machine whose folders are in a folder of ours; `found` is what pyserial finds on it."""

    def __init__(self, folder, patch):
        self.folder = folder
        self.found = []
        for name in ("by-id", "tty", "lock"):
            (folder / name).mkdir()
        (folder / "locks").touch()
        patch.setattr(ports, "BY_ID", folder / "by-id")
        patch.setattr(ports, "TERMINALS", folder / "tty")
        patch.setattr(ports, "LOCK_FILES", (folder / "lock",))
        patch.setattr(ports, "LOCKS", folder / "locks")
        patch.setattr(ports.list_ports, "comports", lambda: self.found)

    def plug(self, name, **known):
        """A port of this name; a file stands for its device."""
        device = self.folder / name
        device.touch()
        self.found.append(Found(str(device), **known))
        return str(device)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


@pytest.fixture
def line():
    main, port = os.openpty()
    yield os.ttyname(port)
    os.close(main)
    os.close(port)


def test_an_adapter_is_known_by_what_it_says_of_itself(machine):
    device = machine.plug("ttyUSB0", product="FT232R USB UART", manufacturer="FTDI", vid=0x0403, pid=0x6001)
    (machine.folder / "by-id" / "usb-FTDI-if00").symlink_to(device)
    link = str(machine.folder / "by-id" / "usb-FTDI-if00")
    assert list_serial_ports() == [Port(device, "FT232R USB UART", "FTDI", "0403:6001", link, "")]
    assert stable_name(device) == link
    assert stable_name(link) == link


def test_a_port_of_which_nothing_is_known_has_its_name(machine):
    device = machine.plug("ttyS0")
    assert list_serial_ports() == [Port(device)]
    assert stable_name(device) == device


def test_a_built_in_port_without_hardware_is_left_out(machine):
    for name, kind in (("ttyS0", "4"), ("ttyS1", "0")):
        machine.plug(name)
        (machine.folder / "tty" / name).mkdir()
        (machine.folder / "tty" / name / "type").write_text(f"{kind}\n")
    assert [os.path.basename(port.device) for port in list_serial_ports()] == ["ttyS0"]


def test_adapters_come_first_and_numbers_count_as_numbers():
    names = ["/dev/ttyS1", "/dev/ttyUSB10", "/dev/ttyS0", "/dev/ttyUSB9", "/dev/ttyACM0"]
    order = in_order(Port(name, usb_ids="" if "ttyS" in name else "0403:6001") for name in names)
    assert [port.device for port in order] == [
        "/dev/ttyACM0",
        "/dev/ttyUSB9",
        "/dev/ttyUSB10",
        "/dev/ttyS0",
        "/dev/ttyS1",
    ]


def test_a_port_that_another_program_locked_is_in_use(machine, monkeypatch, line):
    monkeypatch.setattr(ports, "LOCKS", Path("/proc/locks"))
    machine.found.append(Found(line))
    assert [port.trouble for port in list_serial_ports()] == [""]
    holder = os.open(line, os.O_RDONLY | os.O_NOCTTY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        (port,) = list_serial_ports()
    finally:
        os.close(holder)
    with open("/proc/self/comm") as comm:
        assert port.trouble == f"in use by {comm.read().strip()}"


@pytest.mark.parametrize(("content", "trouble"), [("  {pid}\n", "in use by "), ("99999999\n", ""), ("what?\n", "")])
def test_a_lock_file_counts_while_its_process_lives(machine, content, trouble):
    machine.plug("ttyUSB0")
    (machine.folder / "lock" / "LCK..ttyUSB0").write_text(content.format(pid=os.getpid()))
    (port,) = list_serial_ports()
    assert port.trouble.startswith(trouble)
    assert bool(port.trouble) == bool(trouble)


def test_a_lock_of_a_process_that_cannot_be_seen_has_no_name(machine):
    state = os.stat(machine.plug("ttyUSB0"))
    inode = f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}"
    (machine.folder / "locks").write_text(f"1: POSIX  ADVISORY  READ 5 {inode} 0 EOF\n2: -> FLOCK\n")
    assert list_serial_ports()[0].trouble == ""
    (machine.folder / "locks").write_text(f"1: FLOCK  ADVISORY  WRITE 0 {inode} 0 EOF\n")
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

    monkeypatch.setattr(ports.list_ports, "comports", comports)
    assert len(list_serial_ports()) == 1


def test_ports_that_cannot_be_listed_at_all_are_told(machine, monkeypatch):
    def comports():
        raise OSError("no sysfs")

    monkeypatch.setattr(ports.list_ports, "comports", comports)
    with pytest.raises(SourceError, match="the serial ports cannot be listed: no sysfs"):
        list_serial_ports()


def test_without_udev_and_the_kernel_files_there_are_names_only(machine, monkeypatch):
    for name in ("BY_ID", "TERMINALS", "LOCKS"):
        monkeypatch.setattr(ports, name, machine.folder / "nothing")
    device = machine.plug("COM5")
    assert list_serial_ports() == [Port(device)]
