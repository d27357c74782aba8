"""A tap on a serial port, through pyserial and pyserial-asyncio.

The tap only listens (contract.md, Passive). The descriptor that it reads from is opened read-only, so the kernel
refuses a write; DTR and RTS are asked low before the port opens, and closing it does not pulse them (HUPCL cleared).
It is locked before it is set up, because two programs that read one port split its bytes without a word, and a second
one must not disturb the first.
"""

import asyncio
import errno
import os
import stat

import serial
import serial_asyncio

from sniffer.errors import SourceError
from sniffer.sources.permission import who_may
from sniffer.sources.ports import list_serial_ports
from sniffer.sources.source import SteadyClock, Take
from sniffer.tapstate import TapState
from sniffer.wire.frame import Chunk

_REFUSALS: tuple[type[Exception], ...] = (OSError, ValueError, OverflowError)

if os.name == "posix":
    import fcntl
    import termios

    _REFUSALS += (termios.error,)


class SerialTap:
    """An open tap on one port. Raises `SourceError` where the port cannot be opened."""

    is_live = True
    zone = None

    def __init__(self, port: str, baud: int) -> None:
        self.name = port
        self.baud = baud
        self._clock = SteadyClock()
        self._serial = _open(port, baud)

    @property
    def taps(self) -> tuple[TapState, ...]:
        return (TapState(self.name, self.baud),)

    def now(self) -> int | None:
        return self._clock.now()

    async def run(self, take: Take) -> None:
        loop = asyncio.get_running_loop()
        reader = _Reader(take, self._clock)
        transport, _ = await serial_asyncio.connection_for_serial(loop, lambda: reader, self._serial)
        try:
            reason = await reader.ended
        finally:
            transport.close()
            await reader.closed.wait()
        raise SourceError(f"{self.name}: the port went away ({reason}): is the adapter still plugged in?")


class _Reader(asyncio.Protocol):
    """Hands every read on at once. pyserial-asyncio drops what is raised here, so it is kept for `run`."""

    def __init__(self, take: Take, clock: SteadyClock) -> None:
        self._take = take
        self._clock = clock
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        if self.ended.done():
            return
        try:
            self._take(Chunk(data, self._clock.now()))
        except Exception as error:
            self.ended.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        if not self.ended.done():
            self.ended.set_result(str(exc) if exc else "closed")


class _ReceiveOnly(serial.Serial):
    """A port whose descriptor cannot write."""

    def open(self) -> None:
        if os.name != "posix":
            super().open()
            return
        read_only = os.open(str(self.port), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            fcntl.flock(read_only, fcntl.LOCK_EX | fcntl.LOCK_NB)
            super().open()
            os.dup2(read_only, self.fileno())
            settings = termios.tcgetattr(read_only)
            settings[2] &= ~termios.HUPCL
            termios.tcsetattr(read_only, termios.TCSANOW, settings)
        except BaseException:
            self.close()
            raise
        finally:
            os.close(read_only)

    def read(self, size: int = 1) -> bytes:
        """What has come. The loop knows that something did, so it is not asked for again as pyserial's own would."""
        if os.name != "posix":
            return bytes(super().read(size))
        try:
            data = os.read(self.fileno(), size)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise serial.SerialException(f"read failed: {error}") from error
        if not data:
            raise serial.SerialException("the device is gone")
        return data


def _open(port: str, baud: int) -> serial.Serial:
    try:
        tap = _ReceiveOnly()
        tap.port = port
        tap.baudrate = baud
        tap.dtr = False
        tap.rts = False
        tap.open()
    except _REFUSALS as error:
        raise SourceError(_why(port, baud, error)) from error
    return tap


def _why(port: str, baud: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return no_such_port(port)
    if number in (errno.EACCES, errno.EPERM):
        return f"{port}: no permission: {who_may(port)}"
    if number in (errno.EBUSY, errno.EAGAIN):
        return f"{port}: another program has the port open: close it, as two readers would split the bytes"
    if not _is_terminal(port):
        return f"{port}: not a serial port"
    return f"{port}: the adapter refuses {baud} baud: try another --baud ({error})"


def no_such_port(port: str) -> str:
    """The message for a port that is not there, with those that are."""
    there = ", ".join(found.device for found in list_serial_ports()) or "none"
    return f"{port}: no such port: is the adapter plugged in? Ports here: {there}"


def _is_terminal(port: str) -> bool:
    if os.name != "posix":
        return True
    if not stat.S_ISCHR(os.stat(port).st_mode):
        return False
    try:
        descriptor = os.open(port, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        # Why it could not be opened is in the error that is being explained.
        return True
    try:
        return os.isatty(descriptor)
    finally:
        os.close(descriptor)
