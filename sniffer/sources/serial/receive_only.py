"""A serial port that can only be read, with all differences between the platforms.

This is the only place that opens a port, sets it up, and gives its settings back.

The descriptor is opened read-only, so the kernel refuses every write. It is opened only once, so that DTR and RTS are
pulsed no more often than the kernel does in open(2). Both are set low before the port is set up, and HUPCL is cleared,
so that a program that is killed does not pulse them. The port is locked before it is set up: two programs that read one
port silently share its bytes, and a second one must not disturb the first. A port that is shared on purpose is read as
it is: nothing is set, locked or given back.

On Linux closing gives back the settings that were found, which the kernel keeps until the adapter is unplugged: with
PARMRK, `cat` would print ff twice. HUPCL comes back with them: closing then lowers lines that are low already. Hardware
flow control stays off, as turning it on lets the driver raise RTS. Settings that somebody else made meanwhile are left
alone. VMIN is 1 while the port is read: with 0, a read of nothing looks like the end of the device, and another reader
makes that happen.

When the kernel hangs the line up (vhangup(2), or the end of a session leader whose terminal is this port), the settings
stay, but can no longer be given back on this descriptor. The port that is opened after it gives them back in its place.

Linux marks line errors within the bytes, counts them in the driver, and reports the real settings of the port. On other
systems these are not known. On Windows the port is opened as pyserial opens it.
"""

import errno
import os
import struct
from array import array
from contextlib import suppress

import serial

from sniffer.base.platform import IS_LINUX, IS_POSIX, lock_file
from sniffer.core.wire.items import LineErrorMark

PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, OverflowError)
"""The errors that opening a port or setting it up can raise."""

if IS_POSIX:
    import fcntl
    import termios

    from sniffer.sources.serial.parmrk import ParmrkDecoder

    PORT_ERRORS += (termios.error,)

_TIOCGICOUNT = 0x545D
_TCGETS2 = 0x802C542A
_TCSETS2 = 0x402C542B
_TERMIOS2_SIZE = 44
_LOW_LATENCY = 0x2000
"""ASYNC_LOW_LATENCY in the flags of linux/tty.h, struct serial_struct."""

_COUNTERS = struct.Struct("20i")
_COUNTER_NAMES = ("cts", "dsr", "rng", "dcd", "rx", "tx", "frame", "overrun", "parity", "brk", "buf_overrun")
ERROR_COUNTERS = ("frame", "overrun", "parity", "brk", "buf_overrun")
"""The error counters of a driver (linux/serial.h, struct serial_icounter_struct)."""

READ_SIZE = 1 << 16
FULL_READ = 2048
"""Bytes. Linux returns at most 4095 at once; a read that returns fewer than this has emptied the driver."""

_NOT_A_MODEM = (errno.EINVAL, errno.ENOTTY)


DeviceNode = tuple[int, int]
"""A device file, by its file system and its inode. As long as it is there, no other adapter has this node."""


class ReceiveOnlyPort(serial.Serial):
    """An open port whose descriptor cannot write."""

    # A port that could not be opened is closed as well, when it is collected.
    fd: int | None = None
    is_shared = False
    """True to read the port beside another program: nothing is set, locked or given back."""
    _configured_baud: int | None = None
    _marks_errors = False
    _is_locked = False
    _found: bytes | None = None
    _made: bytes | None = None
    _has_lowered_latency = False
    node: DeviceNode | None = None
    """The device file, once the port is closed; None if it was removed, as it is when an adapter is pulled out."""
    after: "ReceiveOnlyPort | None" = None
    """The port that was open until the line was hung up."""

    def open(self) -> None:
        """Open, lock and set up the port. Raises one of `PORT_ERRORS`."""
        if not IS_POSIX:
            super().open()
            return
        self.fd = os.open(str(self.port), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            if not os.isatty(self.fd):
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            if not self.is_shared:
                self._set_up()
            self.after = None
            self._decoder = ParmrkDecoder()
            self._marks_errors = IS_LINUX and bool(termios.tcgetattr(self.fd)[0] & termios.PARMRK)
        except BaseException:
            self.close()
            raise
        self.is_open = True

    def _set_up(self) -> None:
        """Lock the port, set its control lines low and its speed, and drop bytes that waited in the driver."""
        lock_file(self._descriptor)
        fcntl.ioctl(self._descriptor, termios.TIOCEXCL)
        self._is_locked = True
        self._set_lines_low()
        self._found = _read_settings(self._descriptor)
        self._take_over(self.after)
        self._reconfigure_port(force_update=True)
        termios.tcflush(self._descriptor, termios.TCIFLUSH)

    def close(self) -> None:
        """Close the port, with the settings that were found, and release the lock."""
        if not IS_POSIX:
            super().close()
            return
        if self.fd is not None:
            # None of these works on a device that is gone, and then none is needed.
            with suppress(*PORT_ERRORS):
                self._give_back()
            self.node = read_node(self.fd)
            os.close(self.fd)
            self.fd = None
        self.is_open = False

    def _give_back(self) -> None:
        """Give back the settings, the latency and the exclusive use, as far as they were taken."""
        if self._found and self._made in (None, _read_settings(self._descriptor)):
            _write_settings(self._descriptor, self._found)
            self._found = self._made = None
        if self._has_lowered_latency:
            with suppress(OSError, ValueError, AttributeError):
                self.set_low_latency_mode(False)
                self._has_lowered_latency = False
        if self._is_locked:
            self._is_locked = False
            fcntl.ioctl(self._descriptor, termios.TIOCNXCL)

    def _take_over(self, hung_up: "ReceiveOnlyPort | None") -> None:
        """Take over what a port that was hung up could not give back, if nobody has changed it since."""
        if hung_up and self._found == hung_up._made and read_node(self._descriptor) == hung_up.node:
            self._found, self._has_lowered_latency = hung_up._found, hung_up._has_lowered_latency

    def flush(self) -> None:
        """Do nothing: nothing is ever written."""

    def read(self, size: int = 1) -> bytes:
        """Return all bytes that have arrived, whatever `size` is: the driver loses bytes when its buffer is full.

        Does not wait. The loop calls it only when bytes are there, so the extra select of pyserial is left out. Raises
        `serial.SerialException` when the device is gone.
        """
        if not IS_POSIX:
            return bytes(super().read(size))
        data = part = self._read_once()
        while len(part) >= FULL_READ and len(data) < READ_SIZE:
            try:
                part = self._read_once()
            except serial.SerialException:
                # The next read raises this again. The bytes that were read before it must not be lost.
                break
            data += part
        return data

    def _read_once(self) -> bytes:
        """Return the bytes that have arrived; empty if there are none.

        Raises `SerialException` if the device is gone.
        """
        try:
            data = os.read(self._descriptor, READ_SIZE)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise serial.SerialException(f"read failed: {error.strerror}") from error
        if not data and not self._is_there():
            raise serial.SerialException("the device is gone")
        return data

    def _is_there(self) -> bool:
        """Return False if the kernel has hung the port up. A read of nothing may also come from settings of others."""
        try:
            termios.tcgetattr(self._descriptor)
        except termios.error:
            return False
        return True

    @property
    def _descriptor(self) -> int:
        assert self.fd is not None
        return self.fd

    def decode_marks(self, data: bytes) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """Return the bytes of the line, and the marks of those with a framing, parity or break error."""
        return self._decoder.decode(data) if self._marks_errors else (data, ())

    def flush_marks(self) -> bytes:
        """Return the bytes that waited for the rest of a mark."""
        return self._decoder.flush() if self._marks_errors else b""

    def describe_settings(self) -> str:
        """Return the real settings of the port as text, for people; empty if the system does not report them."""
        if not IS_POSIX:
            return ""
        _, _, cflag, _, _, _, _ = termios.tcgetattr(self._descriptor)
        parity = ("O" if cflag & termios.PARODD else "E") if cflag & termios.PARENB else "N"
        bits = {termios.CS5: 5, termios.CS6: 6, termios.CS7: 7, termios.CS8: 8}[cflag & termios.CSIZE]
        parts = [f"{self.read_speed()} {bits}{parity}{2 if cflag & termios.CSTOPB else 1}"]
        with suppress(OSError):
            (lines,) = struct.unpack("I", fcntl.ioctl(self._descriptor, termios.TIOCMGET, bytes(4)))
            parts += [
                f"{name} {'high' if lines & bit else 'low'}"
                for name, bit in (("DTR", termios.TIOCM_DTR), ("RTS", termios.TIOCM_RTS))
            ]
        return ", ".join(parts)

    def read_error_counts(self) -> dict[str, int]:
        """Return the error counters of the driver since the device was plugged in; empty if it does not count."""
        if not IS_LINUX:
            return {}
        try:
            counts = _COUNTERS.unpack(fcntl.ioctl(self._descriptor, _TIOCGICOUNT, bytes(_COUNTERS.size)))
        except OSError:
            return {}
        found = dict(zip(_COUNTER_NAMES, counts, strict=False))
        return {name: found[name] for name in ERROR_COUNTERS}

    def request_low_latency(self) -> None:
        """Ask the adapter to deliver bytes at once. Adapters and users without this right keep the usual delay."""
        if self.is_shared or not IS_LINUX:
            return
        with suppress(OSError, ValueError, AttributeError):
            flags = array("i", bytes(256))
            fcntl.ioctl(self._descriptor, termios.TIOCGSERIAL, flags)
            if not flags[4] & _LOW_LATENCY:
                self.set_low_latency_mode(True)
                self._has_lowered_latency = True

    def _set_lines_low(self) -> None:
        try:
            self._update_dtr_state()  # type: ignore[attr-defined]  # private to pyserial
            self._update_rts_state()  # type: ignore[attr-defined]  # private to pyserial
        except OSError as error:
            if error.errno not in _NOT_A_MODEM:
                raise

    def _reconfigure_port(self, force_update: bool = False) -> None:
        """Set the port up as pyserial does, then turn on the marking of errors and turn HUPCL off.

        Does nothing if the rate is unchanged, as errors are not marked while the port is set up, or if it is shared.
        """
        if self.is_shared or (not force_update and self._configured_baud == self.baudrate):
            return
        super()._reconfigure_port(force_update)  # type: ignore[misc]
        if not IS_POSIX:
            return
        settings = termios.tcgetattr(self._descriptor)
        settings[2] &= ~termios.HUPCL
        settings[6][termios.VMIN] = 1
        if IS_LINUX:
            # Without INPCK the kernel marks breaks only.
            settings[0] |= termios.PARMRK | termios.INPCK
        termios.tcsetattr(self._descriptor, termios.TCSANOW, settings)
        self._configured_baud = self.baudrate
        self._made = _read_settings(self._descriptor)

    def read_speed(self) -> int:
        """Return the rate at which the driver runs, which may differ from the requested one."""
        termios2 = array("I", bytes(256))
        if IS_LINUX:
            with suppress(OSError):
                fcntl.ioctl(self._descriptor, _TCGETS2, termios2)
        return termios2[10] or int(self.baudrate)


def open_port(
    port: str, baud: int, *, is_shared: bool = False, after: ReceiveOnlyPort | None = None
) -> ReceiveOnlyPort:
    """Return an open port at this rate; a shared one at the rate that it has. Raises one of `PORT_ERRORS`.

    `after` is the port that was open before, which may have been hung up.
    """
    opened = ReceiveOnlyPort()
    opened.port = port
    opened.baudrate = baud
    opened.dtr = False
    opened.rts = False
    opened.is_shared = is_shared
    opened.after = after
    opened.open()
    return opened


def read_node(file: str | int) -> DeviceNode | None:
    """Return the device file of a path or a descriptor; None if it was removed or is not there."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_nlink else None


def _read_settings(descriptor: int) -> bytes | None:
    """Return the settings of a port, exact rates included; None if the system does not report them."""
    if not IS_LINUX:
        return None
    try:
        return fcntl.ioctl(descriptor, _TCGETS2, bytes(_TERMIOS2_SIZE))
    except OSError:
        return None


def _write_settings(descriptor: int, settings: bytes) -> None:
    """Write settings that were read from the same port, without hardware flow control."""
    words = array("I", settings)
    words[2] &= ~termios.CRTSCTS
    fcntl.ioctl(descriptor, _TCSETS2, words.tobytes())
