"""The adapter of a port from the files of the kernel, and the search for it under another name."""

import os

import pytest

from sniffer.sources.serial.adapter import Adapter, find_adapter, find_again


def test_an_ftdi_adapter_has_all_facts(machine):
    device = machine.plug_usb("ttyUSB0", "0403:6001", "A50285BI", "1-1.2:1.0", "ftdi_sio", latency=16)
    link = machine.link("usb-FTDI_A50285BI-if00-port0", device)
    known = Adapter(device, "ftdi_sio", "0403:6001", "A50285BI", "1-1.2:1.0", link, 16)
    assert find_adapter(device) == known
    assert find_adapter(link) == known


def test_a_cdc_acm_adapter_has_no_latency_timer(machine):
    device = machine.plug_usb("ttyACM0", "1a86:55d4", "5433", "3-2:1.0", "cdc_acm")
    assert find_adapter(device) == Adapter(device, "cdc_acm", "1a86:55d4", "5433", "3-2:1.0")


def test_of_a_pseudo_terminal_only_its_name_is_known():
    main, port = os.openpty()
    try:
        assert find_adapter(os.ttyname(port)) == Adapter(os.ttyname(port))
    finally:
        os.close(main)
        os.close(port)


@pytest.mark.parametrize("port", ["/dev/ttyUSB99", "COM5", "socket://there:4000", "a\0b", ""])
def test_of_a_port_that_is_not_here_nothing_is_known(machine, port):
    assert find_adapter(port) == Adapter()
    assert find_again(port, Adapter()) is None


def test_a_serial_number_may_hold_anything(machine):
    device = machine.plug_usb("ttyUSB0", serial="\x1b[2J")
    assert find_adapter(device).serial_number == "\x1b[2J"


def test_the_requested_name_is_taken_where_it_exists(machine):
    device = machine.plug_usb("ttyUSB0", serial="A1")
    assert find_again(device, find_adapter(device)) == device
    assert find_again(device, Adapter()) == device


@pytest.mark.parametrize("location", ["1-1.2:1.0", "2-4:1.0"])
def test_an_adapter_with_a_serial_number_is_found_under_another_name_in_any_socket(machine, location):
    before = find_adapter(machine.plug_usb("ttyUSB0", serial="A1"))
    machine.unplug("ttyUSB0")
    assert find_again(before.device, before) is None
    machine.plug_usb("ttyUSB7", serial="B2", location="5-1:1.0")
    assert find_again(before.device, before) is None
    again = machine.plug_usb("ttyUSB1", serial="A1", location=location)
    assert find_again(before.device, before) == again


def test_another_adapter_that_took_the_kernels_name_is_not_taken_for_ours(machine):
    before = find_adapter(machine.plug_usb("ttyUSB0", serial="A1"))
    machine.unplug("ttyUSB0")
    machine.plug_usb("ttyUSB0", serial="B2")
    assert find_again(before.device, before) is None
    again = machine.plug_usb("ttyUSB1", serial="A1", location="1-3:1.0")
    assert find_again(before.device, before) == again


def test_a_stable_name_is_taken_at_its_word(machine):
    before = find_adapter(machine.plug_usb("ttyUSB0", serial="A1"))
    machine.unplug("ttyUSB0")
    link = machine.link("evse-com", machine.plug_usb("ttyUSB0", serial="B2"))
    assert find_again(link, before) == link


def test_an_adapter_of_several_ports_comes_back_with_its_own(machine):
    machine.plug_usb("ttyUSB0", "0403:6011", "A1", "1-1:1.0")
    before = find_adapter(machine.plug_usb("ttyUSB1", "0403:6011", "A1", "1-1:1.1"))
    for name in ("ttyUSB0", "ttyUSB1"):
        machine.unplug(name)
    machine.plug_usb("ttyUSB5", "0403:6011", "A1", "1-1:1.0")
    assert find_again(before.device, before) is None
    again = machine.plug_usb("ttyUSB6", "0403:6011", "A1", "1-1:1.1")
    assert find_again(before.device, before) == again


def test_an_adapter_without_a_serial_number_is_known_by_its_location_only(machine):
    name = "usb-1a86_USB_Serial-if00-port0"
    device = machine.plug_usb("ttyUSB0", "1a86:7523", location="1-1:1.0", driver="ch341")
    machine.link(name, device)
    before = find_adapter(device)
    machine.unplug("ttyUSB0")
    twin = machine.plug_usb("ttyUSB1", "1a86:7523", location="1-2:1.0", driver="ch341")
    machine.link(name, twin)
    assert find_adapter(twin).by_id == before.by_id
    assert find_again(before.device, before) is None
    again = machine.plug_usb("ttyUSB2", "1a86:7523", location="1-1:1.0", driver="ch341")
    assert find_again(before.device, before) == again


def test_a_by_id_name_is_enough_where_nothing_else_is_known(machine):
    device = machine.plug_usb("ttyUSB3", "10c4:ea60")
    link = machine.link("usb-CP2102-if00", device)
    assert find_again("/dev/ttyUSB0", Adapter("/dev/ttyUSB0", by_id=link)) == device


def test_an_adapter_whose_device_is_not_made_yet_is_not_here(machine):
    before = find_adapter(machine.plug_usb("ttyUSB0", serial="A1"))
    os.unlink(before.device)
    assert find_again(before.device, before) is None
