"""All checks together: which ports are examined, and which one is opened."""

import os

import pytest

from sniffer.commands.doctor import machine_checks, port_checks
from sniffer.commands.doctor.check_result import Verdict, ok, wrong
from sniffer.commands.doctor.checks import run_checks

RATE = 115200


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    """Return the list of the ports that were opened; none really is."""
    monkeypatch.setattr(machine_checks, "CHECKS", (lambda: ok("machine", "here"), lambda: None))
    names = []

    def opened_at(name, baud):
        names.append((name, baud))
        yield ok("settings", "fine")

    monkeypatch.setattr(port_checks, "check_open_port", opened_at)
    return names


def subjects(found):
    return [finding.subject for finding in found]


def test_the_machine_is_looked_at_first_and_every_adapter_then_and_none_is_opened(machine, opened):
    machine.plug_usb("ttyUSB0", location="1-1:1.0", latency=16)
    machine.plug_usb("ttyUSB1", location="1-2:1.0", driver="ch341")
    machine.plug("ttyS0")
    found = list(run_checks(None, RATE))
    assert subjects(found) == ["machine", "port", "permission", "holders", "latency", "port", "permission", "holders"]
    assert not opened


def test_no_adapter_is_noted(machine):
    found = list(run_checks(None, RATE))
    assert [(one.verdict, one.subject) for one in found[1:]] == [(Verdict.NOTE, "port")]


@pytest.fixture
def line():
    main, name = os.openpty()
    yield os.ttyname(name)
    os.close(main)
    os.close(name)


def test_the_port_that_was_named_is_opened_at_last(machine, opened, line):
    machine.plug_usb("ttyUSB0")
    assert subjects(run_checks(line, RATE)) == ["machine", "port", "permission", "holders", "settings"]
    assert opened == [(line, RATE)]


def test_a_port_with_something_wrong_is_left_closed(machine, opened, line, monkeypatch):
    monkeypatch.setattr(port_checks, "CHECKS", (lambda seen: wrong("holders", "minicom", "close it"),))
    assert subjects(run_checks(line, RATE)) == ["machine", "holders"]
    assert not opened


def test_a_port_that_is_not_here_or_is_none_is_wrong(machine, opened, tmp_path):
    here = machine.plug_usb("ttyUSB0")
    *_, missing = run_checks("/dev/ttyUSB99", RATE)
    assert (missing.verdict, here in missing.advice) == (Verdict.WRONG, True)
    *_, file = run_checks(str(tmp_path), RATE)
    assert (file.verdict, file.text) == (Verdict.WRONG, f"{tmp_path} is no serial port")
    assert not opened
