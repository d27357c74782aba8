"""The effect of the rules in systemd's udev, on adapters that umockdev simulates."""

import re
import subprocess
from dataclasses import replace

import pytest

from sniffer.sources.serial.udev_names import FILE, format_rules
from tests.sources.serial.helpers import Machine
from tests.tools import need
from tests.udev.helpers import RULES, Adapter, plugged

FTDI = Adapter("ttyUSB0", "ftdi_sio", "0403:6001", "A50285BI")
CH340 = Adapter("ttyUSB0", "ch341", "1a86:7523")
MODEM = Adapter("ttyACM0", "cdc_acm", "12d1:1506")
KNOWN = [
    FTDI,
    Adapter("ttyUSB3", "ftdi_sio", "0403:6010", interface=1),
    Adapter("ttyUSB0", "ftdi_sio", "0403:6048"),
    Adapter("ttyUSB0", "cp210x", "10c4:ea60", "0001"),
    CH340,
    Adapter("ttyUSB0", "pl2303", "067b:23a3"),
    Adapter("ttyACM0", "cdc_acm", "1a86:55d4"),
    Adapter("ttyACM0", "cdc_acm", "04d8:00df"),
]
BRLTTY = """\
SUBSYSTEM=="usb", KERNEL!="*:*", ENV{PRODUCT}=="1a86/7523/*|403/6001/*", ENV{BRLTTY_BRAILLE_DRIVER}="bm"
ENV{BRLTTY_BRAILLE_DRIVER}=="?*", TAG+="systemd", ENV{SYSTEMD_WANTS}+="brltty-device@.service"
"""
"""A short form of the rules of brltty."""


@pytest.mark.parametrize("adapter", KNOWN, ids=lambda adapter: adapter.ids)
def test_a_known_adapter_is_for_whoever_sits_there_and_not_for_modem_manager(adapter, tmp_path):
    found = plugged(adapter, adapter.tty, tmp_path)
    assert "uaccess" in found.tags
    assert "uaccess" in found.runs, "73-seat-late.rules acts on the tag"
    assert found.properties["ID_MM_DEVICE_IGNORE"] == "1"
    assert found.properties["ID_EVSE_SNIFF"] == "1"


def test_any_cdc_acm_device_is_for_whoever_sits_there_but_left_to_modem_manager(tmp_path):
    found = plugged(MODEM, MODEM.tty, tmp_path)
    assert "uaccess" in found.runs
    assert "ID_MM_DEVICE_IGNORE" not in found.properties


def test_an_adapter_that_is_not_in_the_rules_is_left_as_it_is(tmp_path):
    adapter = Adapter("ttyUSB0", "cp210x", "10c4:1111")
    found = plugged(adapter, adapter.tty, tmp_path)
    assert "uaccess" not in found.tags
    assert "ID_EVSE_SNIFF" not in found.properties
    assert found.properties["ID_VENDOR_ID"] == "10c4", "udev did look at it"


def test_nothing_is_done_when_an_adapter_goes(tmp_path):
    found = plugged(FTDI, FTDI.tty, tmp_path, action="remove")
    assert "ID_EVSE_SNIFF" not in found.properties


def test_ftdis_latency_timer_is_set_to_1_ms(tmp_path):
    for action in ("add", "bind"):
        assert re.search(
            r"latency_timer' writing '1'$", plugged(FTDI, FTDI.port, tmp_path, action=action).messages, re.M
        )


def test_another_drivers_port_has_no_latency_timer_and_nothing_is_written_to_it(tmp_path):
    assert "latency_timer" not in plugged(CH340, CH340.port, tmp_path, action="bind").messages


@pytest.mark.parametrize("adapter", [FTDI, CH340], ids=lambda adapter: adapter.ids)
@pytest.mark.parametrize("file", ["85-brltty.rules", "90-brltty-device.rules"])
def test_brltty_is_not_started_at_an_adapter(adapter, file, tmp_path):
    found = plugged(adapter, adapter.usb, tmp_path, {file: BRLTTY})
    assert "SYSTEMD_WANTS" not in found.properties
    assert "BRLTTY_BRAILLE_DRIVER" not in found.properties


def test_without_our_rules_brltty_would_be_started(tmp_path):
    found = plugged(CH340, CH340.usb, tmp_path, {"90-brltty-device.rules": BRLTTY, "99-evse-sniff.rules": ""})
    assert found.properties["SYSTEMD_WANTS"] == "brltty-device@.service"


def test_a_service_that_is_not_brlttys_is_still_started(tmp_path):
    wants = 'SUBSYSTEM=="usb", TAG+="systemd", ENV{SYSTEMD_WANTS}+="other.service"\n'
    assert plugged(CH340, CH340.usb, tmp_path, {"60-x.rules": wants}).properties["SYSTEMD_WANTS"] == "other.service"


@pytest.mark.parametrize("serial", ["A50285BI", ""])
def test_the_rules_for_names_that_we_write_make_the_names(serial, tmp_path, monkeypatch):
    adapter = replace(FTDI, serial=serial)
    here = Machine(tmp_path, monkeypatch)
    text = format_rules([here.plug_usb(adapter.name, adapter.ids, serial, "1-1:1.0")])
    assert "/dev/evse-com" in plugged(adapter, adapter.tty, tmp_path, {FILE: text + "\n"}).names
    for other in (replace(FTDI, serial=serial, interface=1), replace(FTDI, serial="B2", location="1-2")):
        assert "/dev/evse-com" not in plugged(other, other.tty, tmp_path, {FILE: text + "\n"}).names


def test_udev_has_no_complaint_about_the_rules(tmp_path):
    found = plugged(FTDI, FTDI.tty, tmp_path)
    assert "70-evse-sniff.rules" in found.messages, "the file was read"
    assert "99-evse-sniff.rules" in found.messages
    assert not re.findall(r"evse-sniff\.rules:\d+ .*", found.messages)


def test_a_mistake_in_the_rules_would_be_complained_about(tmp_path):
    found = plugged(FTDI, FTDI.tty, tmp_path, {"70-evse-sniff.rules": 'SUBSYSTEM=="tty", TAGG+="uaccess"\n'})
    assert re.findall(r"evse-sniff\.rules:\d+ .*", found.messages)


def test_the_number_in_the_name_is_between_usb_id_and_the_seats_own_rules():
    assert "60-serial.rules" < "70-evse-sniff.rules" < "73-seat-late.rules"
    assert {file.name for file in RULES.glob("*.rules")} == {"70-evse-sniff.rules", "99-evse-sniff.rules"}


def test_newer_systemd_verifies_the_rules():
    udevadm = need("udevadm")
    if subprocess.run([udevadm, "verify", "--help"], capture_output=True).returncode:
        pytest.skip("this udevadm has no verify: it came with systemd 254")
    subprocess.run([udevadm, "verify", *RULES.glob("*.rules")], check=True)
