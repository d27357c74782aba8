"""A serial port that can only be read, and all that differs between platforms about it.

The descriptor is opened read-only, once, so the kernel refuses a write and pulses DTR and RTS no more than it must;
both are asked low before the port is set up, and are not pulsed when it is closed (contract.md, Passive). The port is
locked before it is set up, because two programs that read one port split its bytes without a word, and a second one
must not disturb the first.

Linux marks line errors, counts them in the driver, and tells how the port is really set. Elsewhere these are not known;
on Windows the port is as pyserial opens it.
"""

import errno
import os
import struct
from array import array
from contextlib import suppress

import serial

from sniffer.base.platform import IS_LINUX, IS_POSIX, lock
from sniffer.core.wire.frame import LineErrorMark

PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, OverflowError)

if IS_POSIX:
    import fcntl
    import termios

    from sniffer.sources.serial.parmrk import ParmrkDecoder

    PORT_ERRORS += (termios.error,)

_TIOCGICOUNT = 0x545D
_TCGETS2 = 0x802C542A
_COUNTERS = struct.Struct("20i")
_COUNTED = ("cts", "dsr", "rng", "dcd", "rx", "tx", "frame", "overrun", "parity", "brk", "buf_overrun")
ERRORS = ("frame", "overrun", "parity", "brk", "buf_overrun")
"""What a driver counts that is wrong (linux/serial.h, struct serial_icounter_struct)."""

READ_SIZE = 1 << 16
LEAVES_SOME = 2048
"""Bytes: Linux gives 4095 at once at most, and a read that gives fewer than this has emptied the driver."""

_NOT_A_MODEM = (errno.EINVAL, errno.ENOTTY)


class ReceiveOnlyPort(serial.Serial):
    """A port whose descriptor cannot write."""

    _set_up: int | None = None

    def open(self) -> None:
        if not IS_POSIX:
            super().open()
            return
        self.fd = os.open(str(self.port), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            if not os.isatty(self.fd):
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            lock(self.fd)
            fcntl.ioctl(self.fd, termios.TIOCEXCL)
            self._ask_low()
            self._reconfigure_port(force_update=True)
            termios.tcflush(self.fd, termios.TCIFLUSH)
            self._decoder = ParmrkDecoder()
        except BaseException:
            os.close(self.fd)
            self.fd = None
            raise
        self.is_open = True

    def close(self) -> None:
        if not IS_POSIX:
            super().close()
            return
        if self.fd is not None:
            with suppress(OSError):
                fcntl.ioctl(self.fd, termios.TIOCNXCL)
            os.close(self.fd)
            self.fd = None
        self.is_open = False

    def flush(self) -> None:
        """There is nothing to write."""

    def read(self, size: int = 1) -> bytes:
        """All that has come, whatever is asked for: what waits in the driver is lost when it holds no more.

        The loop knows that something came, so it is not asked for again as pyserial's own would.
        """
        if not IS_POSIX:
            return bytes(super().read(size))
        data = part = self._some()
        while len(part) >= LEAVES_SOME and len(data) < READ_SIZE:
            try:
                part = self._some()
            except serial.SerialException:
                # It comes again with the next read; what came before it must not be lost with it.
                break
            data += part
        return data

    def _some(self) -> bytes:
        try:
            data = os.read(self._descriptor, READ_SIZE)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise serial.SerialException(f"read failed: {error.strerror}") from error
        if not data:
            raise serial.SerialException("the device is gone")
        return data

    @property
    def _descriptor(self) -> int:
        assert self.fd is not None
        return self.fd

    def decode_marks(self, data: bytes) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """The bytes that were on the line, and which of them the receiver found an error in."""
        return self._decoder.decode(data) if IS_LINUX else (data, ())

    def flush_marks(self) -> bytes:
        """Bytes that wait for more to be told."""
        return self._decoder.flush() if IS_LINUX else b""

    def describe_settings(self) -> str:
        """What the port is really set to, for people; empty where the system does not say."""
        if not IS_POSIX:
            return ""
        _, _, cflag, _, _, _, _ = termios.tcgetattr(self._descriptor)
        parity = ("O" if cflag & termios.PARODD else "E") if cflag & termios.PARENB else "N"
        bits = {termios.CS5: 5, termios.CS6: 6, termios.CS7: 7, termios.CS8: 8}[cflag & termios.CSIZE]
        told = [f"{self._speed()} {bits}{parity}{2 if cflag & termios.CSTOPB else 1}"]
        with suppress(OSError):
            (lines,) = struct.unpack("I", fcntl.ioctl(self._descriptor, termios.TIOCMGET, bytes(4)))
            told += [
                f"{name} {'high' if lines & bit else 'low'}"
                for name, bit in (("DTR", termios.TIOCM_DTR), ("RTS", termios.TIOCM_RTS))
            ]
        return ", ".join(told)

    def read_error_counts(self) -> dict[str, int]:
        """What the driver has counted since the port is there; empty where it does not count."""
        if not IS_LINUX:
            return {}
        try:
            counts = _COUNTERS.unpack(fcntl.ioctl(self._descriptor, _TIOCGICOUNT, bytes(_COUNTERS.size)))
        except OSError:
            return {}
        found = dict(zip(_COUNTED, counts, strict=False))
        return {name: found[name] for name in ERRORS}

    def request_low_latency(self) -> None:
        """Ask the adapter to hand bytes over at once; who may not, or has no such adapter, waits as long as it does."""
        with suppress(OSError, ValueError, AttributeError):
            self.set_low_latency_mode(True)

    def _ask_low(self) -> None:
        try:
            self._update_dtr_state()  # type: ignore[attr-defined]
            self._update_rts_state()  # type: ignore[attr-defined]
        except OSError as error:
            if error.errno not in _NOT_A_MODEM:
                raise

    def _reconfigure_port(self, force_update: bool = False) -> None:
        """Set the port up as pyserial does; then have errors marked, and the lines left alone when it is closed.

        Only where something is another: what is read meanwhile would not be marked.
        """
        if not force_update and self._set_up == self.baudrate:
            return
        super()._reconfigure_port(force_update)  # type: ignore[misc]
        if not IS_POSIX:
            return
        settings = termios.tcgetattr(self._descriptor)
        settings[2] &= ~termios.HUPCL
        if IS_LINUX:
            # Without INPCK the kernel marks breaks only.
            settings[0] |= termios.PARMRK | termios.INPCK
        termios.tcsetattr(self._descriptor, termios.TCSANOW, settings)
        self._set_up = self.baudrate

    def _speed(self) -> int:
        """The rate that the driver runs at, which is not always the one that was asked for."""
        told = array("I", bytes(256))
        if IS_LINUX:
            with suppress(OSError):
                fcntl.ioctl(self._descriptor, _TCGETS2, told)
        return told[10] or int(self.baudrate)


def open_port(port: str, baud: int) -> ReceiveOnlyPort:
    """An open port. Raises one of `PORT_ERRORS`."""
    tap = ReceiveOnlyPort()
    tap.port = port
    tap.baudrate = baud
    tap.dtr = False
    tap.rts = False
    tap.open()
    return tap
