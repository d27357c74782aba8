"""The stable names of the two wires, and the rules that create them."""

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.serial.udev_names import find_stable_names, format_rules


def rules(*ports):
    """Return the rules alone, without their comments."""
    return [line for line in format_rules(ports).splitlines() if not line.startswith("#")]


def test_a_port_has_our_name_and_udevs(machine):
    device = machine.plug_usb("ttyUSB0", serial="A1")
    other = machine.plug_usb("ttyUSB1", serial="B2", location="1-3:1.0")
    link = machine.link("usb-FTDI_A1-if00-port0", device)
    (machine.dev / "evse-com").symlink_to("ttyUSB0")
    assert find_stable_names(device) == (str(machine.dev / "evse-com"), link)
    assert find_stable_names(other) == ()


def test_an_adapter_with_a_serial_number_is_named_by_it(machine):
    device = machine.plug_usb("ttyUSB0", "0403:6011", "A50285BI", "1-1.2:1.10")
    assert rules(device) == [
        'SUBSYSTEM=="tty", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6011", ATTRS{serial}=="A50285BI", '
        'ENV{ID_USB_INTERFACE_NUM}=="0a", SYMLINK+="evse-com"'
    ]


@pytest.mark.parametrize("serial", ["", "0001", "0", "0000", 'a", RUN+="/bin/rm', "A*", "a|b", "A\nB", "Ä", "$attr{x}"])
def test_an_adapter_without_one_of_its_own_is_named_by_its_usb_socket(machine, serial):
    device = machine.plug_usb("ttyUSB0", "1a86:7523", serial, "1-1.2:1.0", "ch341")
    assert rules(device) == ['SUBSYSTEM=="tty", KERNELS=="1-1.2:1.0", SYMLINK+="evse-com"']


def test_two_adapters_with_one_serial_number_are_named_by_their_sockets(machine):
    com = machine.plug_usb("ttyUSB0", "10c4:ea60", "CLONE", "1-1:1.0", "cp210x")
    pwr = machine.plug_usb("ttyUSB1", "10c4:ea60", "CLONE", "1-2:1.0", "cp210x")
    assert rules(com, pwr) == [
        'SUBSYSTEM=="tty", KERNELS=="1-1:1.0", SYMLINK+="evse-com"',
        'SUBSYSTEM=="tty", KERNELS=="1-2:1.0", SYMLINK+="evse-pwr"',
    ]


def test_the_two_ports_of_one_adapter_are_two_wires(machine):
    com = machine.plug_usb("ttyUSB0", "0403:6010", "FT1", "1-1:1.0")
    pwr = machine.plug_usb("ttyUSB1", "0403:6010", "FT1", "1-1:1.1")
    first, second = rules(com, pwr)
    assert first.replace('"00"', '"01"').replace("evse-com", "evse-pwr") == second


def test_a_port_by_its_stable_name_is_the_same_adapter(machine):
    device = machine.plug_usb("ttyUSB0", serial="A1")
    assert rules(machine.link("usb-FTDI", device)) == rules(device)


def test_what_cannot_be_named_is_reported(machine):
    device = machine.plug_usb("ttyUSB0", serial="A1")
    for ports, message in (
        (["/dev/ttyUSB9"], "no such port"),
        ([machine.plug("ttyS0")], "no USB adapter"),
        ([device, machine.link("usb-FTDI", device)], "the same port"),
    ):
        with pytest.raises(SourceError, match=message):
            format_rules(ports)
