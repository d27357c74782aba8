"""The checks of one port, each with and without what it looks for."""

import os
import threading

import pytest

from sniffer.commands.doctor import port_checks as checks
from sniffer.commands.doctor.check_result import Verdict
from sniffer.commands.doctor.port_checks import examine_port
from sniffer.sources.serial import udev_rules
from tests.commands.doctor.helpers import require
from tests.known_frames import STATUS_REPORT


def test_a_port_is_reported_with_its_adapter(machine):
    device = machine.plug_usb("ttyUSB0", "0403:6001", "A1", "1-1:1.0", "ftdi_sio")
    assert checks.check_identity(examine_port(device)).text == f"{device}, ftdi_sio, 0403:6001, A1, 1-1:1.0"
    link = machine.link("usb-FTDI", device)
    assert checks.check_identity(examine_port(link)).text == f"{link}, {device}, ftdi_sio, 0403:6001, A1, 1-1:1.0"


def test_permission_is_fine_or_wrong_with_what_to_do(machine, monkeypatch):
    device = machine.plug_usb("ttyUSB0")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    assert checks.check_permission(examine_port(device)).verdict is Verdict.OK
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = checks.check_permission(examine_port(device))
    assert (found.verdict, "over SSH" in found.advice) == (Verdict.WRONG, False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    assert "over SSH" in checks.check_permission(examine_port(device)).advice


def test_rules_are_in_effect_once_udev_applied_them(machine):
    device = machine.plug_usb("ttyUSB0")
    assert checks.check_rules_in_effect(examine_port(device)) is None, "not installed: another check reports that"
    (machine.rules / udev_rules.ACCESS).touch()
    assert "plug it in again" in require(checks.check_rules_in_effect(examine_port(device))).advice
    (machine.database / "c0:0").write_text("E:ID_EVSE_SNIFF=1\n")
    assert require(checks.check_rules_in_effect(examine_port(device))).verdict is Verdict.OK
    assert checks.check_rules_in_effect(examine_port(machine.plug("ttyS0"))) is None


def test_a_holder_is_wrong_and_named(machine):
    device = machine.plug_usb("ttyUSB0")
    assert checks.check_holders(examine_port(device)).verdict is Verdict.OK
    machine.run(41, "minicom", device)
    found = checks.check_holders(examine_port(device))
    assert (found.verdict, found.text) == (Verdict.WRONG, f"{device} is open in minicom (41)")


@pytest.mark.parametrize(("milliseconds", "verdict"), [(1, Verdict.OK), (2, Verdict.NOTE), (16, Verdict.NOTE)])
def test_an_adapter_that_holds_bytes_back_is_noted(machine, milliseconds, verdict):
    found = require(checks.check_latency(examine_port(machine.plug_usb("ttyUSB0", latency=milliseconds))))
    assert (found.verdict, f"within {milliseconds} ms" in found.text) == (verdict, True)


def test_an_adapter_without_a_timer_has_no_latency_result(machine):
    assert checks.check_latency(examine_port(machine.plug_usb("ttyUSB0", driver="ch341"))) is None


def test_a_driver_without_line_errors_is_noted(machine):
    found = require(checks.check_line_errors(examine_port(machine.plug_usb("ttyUSB0", driver="ch341-uart"))))
    assert (found.verdict, "(ch341-uart) reports none" in found.text) == (Verdict.NOTE, True)
    assert (
        checks.check_line_errors(examine_port(machine.plug_usb("ttyUSB1", driver="cp210x", location="1-2:1.0"))) is None
    )
    assert checks.check_line_errors(examine_port(machine.plug("ttyS0"))) is None


def test_a_port_is_opened_listened_to_and_left(line):
    main, name = line
    writing = threading.Timer(0.2, os.write, (main, b"\xaa\x00\x54"))
    writing.start()
    (found,) = checks.check_open_port(name, 115200)
    writing.join()
    assert found.verdict is Verdict.OK
    assert "115200" in found.text
    assert "3 bytes received" in found.text
    assert checks.check_holders(examine_port(name)).verdict is Verdict.OK


def test_the_rate_of_a_port_is_found_where_frames_come(line):
    main, name = line
    writing = threading.Timer(0.2, os.write, (main, STATUS_REPORT.raw * 3))
    writing.start()
    _, found = checks.check_open_port(name, None)
    writing.join()
    assert (found.verdict, found.subject) == (Verdict.OK, "baud")
    assert "frames valid" in found.text


def test_a_port_without_received_bytes_is_not_listened_to_for_longer(line, monkeypatch):
    monkeypatch.setattr(checks, "_TRYING_SECONDS", 3600)
    _, found = checks.check_open_port(line[1], None)
    assert (found.verdict, found.text) == (Verdict.NOTE, "unknown, as nothing was received")


def test_bytes_without_a_frame_leave_the_rate_undetermined(line, monkeypatch):
    monkeypatch.setattr(checks, "_TRYING_SECONDS", 0.2)
    main, name = line
    writing = threading.Timer(0.2, os.write, (main, bytes(40)))
    writing.start()
    _, found = checks.check_open_port(name, None)
    writing.join()
    assert found.verdict is Verdict.NOTE
    assert "undetermined" in found.text


def test_a_port_that_cannot_be_tapped_is_wrong():
    (found,) = checks.check_open_port("/dev/null", None)
    assert found.verdict is Verdict.WRONG
    assert "not a serial port" in found.advice


@pytest.fixture
def line():
    main, port = os.openpty()
    yield main, os.ttyname(port)
    os.close(main)
    os.close(port)


@pytest.mark.parametrize(("late", "verdict"), [(1_000_000, Verdict.OK), (16_000_000, Verdict.NOTE)])
def test_the_latency_is_that_which_the_tool_has_set(late, verdict):
    found = checks._check_latency_set(late)
    assert (found.verdict, found.text) == (verdict, f"within {late // 1_000_000} ms while the tool reads")
