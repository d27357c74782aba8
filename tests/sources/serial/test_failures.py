"""The error for a port that cannot be opened names the reason, and the way to open it."""

import errno

import pytest

from sniffer.sources.serial.failures import describe_failure, describe_missing_port, is_missing
from tests.sources.serial.helpers import Machine


@pytest.mark.parametrize(
    ("number", "is_gone"), [(errno.ENOENT, True), (errno.ENODEV, True), (errno.ENXIO, True), (errno.EBUSY, False)]
)
def test_a_port_that_is_not_there_is_distinguished(number: int, is_gone: bool) -> None:
    assert is_missing(OSError(number, "")) is is_gone
    assert not is_missing(ValueError())
    assert not is_missing(None)


def test_the_ports_of_the_machine_are_named_where_one_is_missing(machine: Machine) -> None:
    there = machine.plug("ttyUSB0")
    message = f"/dev/ttyUSB9: no such port: is the adapter plugged in? Ports here: {there}"
    assert describe_missing_port("/dev/ttyUSB9") == message
    assert describe_failure("/dev/ttyUSB9", 9600, OSError(errno.ENODEV, "")) == message


def test_who_has_the_port_is_named_and_a_lock_can_be_shared_but_exclusive_use_cannot(machine: Machine) -> None:
    port = machine.plug("ttyUSB0")
    machine.run(7, "screen", port)
    locked = describe_failure(port, 9600, OSError(errno.EAGAIN, ""))
    assert locked.endswith("screen (7): close it, as two readers would split the bytes, or read beside it with --share")
    assert "--share" not in describe_failure(port, 9600, OSError(errno.EBUSY, ""))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOTTY, ""), "not a serial port"),
        (OSError(errno.EINVAL, "Invalid argument"), "the adapter refuses 300 baud: try another --baud"),
        (ValueError("Invalid baud rate"), "the adapter refuses 300 baud: try another --baud (Invalid baud rate)"),
    ],
)
def test_a_refusal_says_what_to_do(error: Exception, message: str) -> None:
    assert describe_failure("/dev/ttyS1", 300, error).startswith(f"/dev/ttyS1: {message}")


def test_without_permission_the_way_to_get_it_is_reported(machine: Machine) -> None:
    assert "no permission: " in describe_failure(machine.plug("ttyUSB0"), 9600, PermissionError(errno.EACCES, ""))
