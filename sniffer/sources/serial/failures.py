"""Messages for a port that cannot be opened, and whether it is absent.

In: the name of a port, and the error of the system. Out: a message of one line that says what to do.
"""

import errno

from sniffer.sources.serial.discovery import describe_access, list_serial_ports
from sniffer.sources.serial.holders import find_holders, format_holders
from sniffer.sources.serial.other_readers import describe_holders

_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)


def is_missing(error: BaseException | None) -> bool:
    """Return True if the system said with this error that the port is not there."""
    return isinstance(error, OSError) and error.errno in _MISSING


def describe_missing_port(port: str) -> str:
    """Return the message for a port that does not exist, with the ports of this machine."""
    present = ", ".join(found.device for found in list_serial_ports()) or "none"
    return f"{port}: no such port: is the adapter plugged in? Ports here: {present}"


def describe_failure(port: str, baud: int, error: Exception) -> str:
    """Return why a port could not be opened, and what to do."""
    number = error.errno if isinstance(error, OSError) else None
    if is_missing(error):
        return describe_missing_port(port)
    if number in (errno.EACCES, errno.EPERM):
        return f"{port}: no permission: {describe_access(port)}"
    if number in (errno.EBUSY, errno.EAGAIN):
        names = format_holders(holder for holder in find_holders(port) if holder.pid)
        return describe_holders(port, names, may_share=number == errno.EAGAIN)
    if number == errno.ENOTTY:
        return f"{port}: not a serial port: `evse-sniff ports` lists those that are here"
    return f"{port}: the adapter refuses {baud} baud: try another --baud ({error})"
