"""The adapter of a port from the files of the kernel, and the search for it under another name."""

import os

import pytest

from sniffer.sources.serial.adapter import (
    Adapter,
    find_adapter,
    find_again,
    find_stable_name,
    is_default_number,
    notice_shared_number,
)


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


@pytest.mark.parametrize("number", ["", "0", "0001", "0000000", "0123456789", "123456", "0123456789abcdef", "FFFFFFFF"])
def test_the_number_of_a_whole_series_is_no_adapters_own(number):
    assert is_default_number(number)


@pytest.mark.parametrize("number", ["A50285BI", "A1", "5433", "0001A", "10", "20230001"])
def test_any_other_number_may_be_an_adapters_own(number):
    assert not is_default_number(number)


def plug_twin(machine, name, socket, serial="0001"):
    device = machine.plug_usb(name, "10c4:ea60", serial, f"{socket}:1.0", "cp210x")
    return machine.link(f"usb-CP2102_{serial}-if00-port0", device), find_adapter(device)


@pytest.mark.parametrize("serial", ["0001", "A1"])
def test_a_twin_that_stays_plugged_in_is_not_taken_for_the_lost_adapter(machine, serial):
    plug_twin(machine, "ttyUSB1", "1-2", serial)
    by_id, before = plug_twin(machine, "ttyUSB0", "1-1", serial)
    assert before.known_by == "USB socket 1-1"
    machine.unplug("ttyUSB0")
    # Its by-id name goes to the twin.
    machine.link(os.path.basename(by_id), str(machine.dev / "ttyUSB1"))
    assert find_again(before.device, before) is None
    assert find_again(by_id, before) is None
    machine.plug_usb("ttyUSB0", "10c4:ea60", serial, "1-3:1.0", "cp210x")
    assert find_again(before.device, before) is None
    again = machine.plug_usb("ttyUSB2", "10c4:ea60", serial, "1-1:1.0", "cp210x")
    assert find_again(before.device, before) == find_again(by_id, before) == again


def test_a_twin_that_was_plugged_in_later_is_noticed_at_the_loss(machine):
    _, before = plug_twin(machine, "ttyUSB0", "1-1", "A1")
    assert before.known_by == "serial number A1"
    plug_twin(machine, "ttyUSB1", "1-2", "A1")
    machine.unplug("ttyUSB0")
    before = notice_shared_number(before)
    assert before.known_by == "USB socket 1-1"
    assert find_again(before.device, before) is None


def test_of_two_twins_that_appear_the_one_in_the_old_socket_is_taken(machine):
    _, before = plug_twin(machine, "ttyUSB0", "1-1", "A1")
    machine.unplug("ttyUSB0")
    plug_twin(machine, "ttyUSB1", "1-2", "A1")
    _, again = plug_twin(machine, "ttyUSB2", "1-1", "A1")
    assert find_again(before.device, before) == again.device


def test_the_ports_of_one_adapter_do_not_share_a_number(machine):
    machine.plug_usb("ttyUSB0", "0403:6011", "FT1", "1-1:1.0")
    assert find_adapter(machine.plug_usb("ttyUSB1", "0403:6011", "FT1", "1-1:1.1")).known_by == "serial number FT1"


def test_the_stable_name_of_a_twin_is_that_of_its_socket(machine):
    by_id, one = plug_twin(machine, "ttyUSB0", "1-1")
    assert find_stable_name(one.device) == ""
    link = machine.by_path / "pci-0000:00:14.0-usb-0:1:1.0-port0"
    link.symlink_to(one.device)
    assert find_stable_name(one.device) == find_stable_name(by_id) == str(link)


def test_what_an_adapter_is_known_by_is_safe_to_show(machine):
    assert find_adapter(machine.plug_usb("ttyUSB0", serial="\x1b[2J")).known_by.isprintable()


@pytest.mark.parametrize(("driver", "reports"), [("ch341-uart", False), ("ftdi_sio", True), ("", True)])
def test_a_driver_that_reports_no_line_errors_is_known(driver: str, reports: bool) -> None:
    assert Adapter(driver=driver).reports_line_errors is reports
