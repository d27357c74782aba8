"""Taps on another machine: `socket://host:port` gives the bytes of a line, `rfc2217://` a port whose rate can be set.

In: the address. Out: what came, with its time of arrival here, so that the network's delays are in it. A connection
that drops is a gap; it is made again, with pauses that grow to `LONGEST_PAUSE`. The first one must succeed: it raises
`SourceError`. Nothing protects such a connection: README says how to tunnel it.
"""

import asyncio
import queue
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

import serial
from serial import rfc2217

from sniffer.base.errors import SourceError
from sniffer.core.wire.frame import Chunk, TapGap, TapRestored
from sniffer.core.wire.items import TapState
from sniffer.sources.source import SteadyClock, Take

CONNECTING = 5.0
"""Seconds that a connection may take."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds between two attempts."""

LOOKING = 0.2
"""Seconds until it is looked whether a read is to end."""

READ_SIZE = 1 << 16
_PROBES = (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))
"""A peer that is gone without a word is found out within some seconds, where the system knows how."""

_FAILURES = (OSError, serial.SerialException, ValueError)


class RemoteConnection(Protocol):
    """A connection. `read` waits for bytes; none: it has ended. Raises one of `_FAILURES`. `close` may take long."""

    async def read(self) -> bytes: ...

    def close(self) -> None: ...


class RemoteTap:
    """A tap that is connected. `connect` makes a line; `baud` is the rate that the other side was asked for."""

    is_live = True
    zone = None
    times_are_first_bytes = False
    needs_merging = False

    def __init__(self, name: str, baud: int | None, connect: Callable[[], RemoteConnection]) -> None:
        self.name = name
        self.baud = baud
        self._clock = SteadyClock()
        self._connect = connect
        self._state = TapState(name, baud)
        try:
            self._line = connect()
        except _FAILURES as error:
            raise SourceError(f"{name}: no connection: {_why(error)}: is the other machine's tap running?") from error

    @property
    def taps(self) -> tuple[TapState, ...]:
        return (self._state,)

    def now(self) -> int | None:
        return self._clock.now()

    def close(self) -> None:
        self._line.close()

    async def run(self, take: Take) -> None:
        """Read until cancelled."""
        while True:
            reason = await self._listen(take)
            take(TapGap(self._clock.now(), reason))
            self._state = TapState(self.name, self.baud, lost=f"{reason}: connecting again")
            await self._return()
            self._state = TapState(self.name, self.baud)
            take(TapRestored(self._clock.now(), "connected again"))

    async def _listen(self, take: Take) -> str:
        """Read until the connection drops; say why it did."""
        try:
            while data := await self._line.read():
                take(Chunk(data, self._clock.now()))
        except _FAILURES as error:
            return f"the connection dropped ({_why(error)})"
        finally:
            await asyncio.to_thread(self._line.close)
        return "the other machine closed the connection"

    async def _return(self) -> None:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                self._line = await _aside(self._connect)
            except _FAILURES as error:
                self._state = TapState(self.name, self.baud, lost=f"no connection ({_why(error)}): connecting again")
                continue
            return


class SocketConnection:
    """The bytes of a TCP connection."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECTING)
        enable_keepalive(self._socket)
        self._socket.setblocking(False)

    async def read(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._socket, READ_SIZE)

    def close(self) -> None:
        self._socket.close()


class Rfc2217Connection:
    """A port of another machine, whose rate is set, through pyserial's client, which needs a thread."""

    def __init__(self, name: str, baud: int) -> None:
        self._port = rfc2217.Serial()
        # A server whose port has no modem lines, as a pseudo-terminal, never answers what is asked of them.
        self._port.port = f"{name}{'&' if '?' in name else '?'}ign_set_control"
        self._port.baudrate = baud
        self._port.dtr = False
        self._port.rts = False
        self._port.open()
        enable_keepalive(self.connection)
        self._closing = threading.Event()
        self._ended = False

    @property
    def connection(self) -> socket.socket:
        found: socket.socket = self._port._socket  # type: ignore[attr-defined]
        return found

    async def read(self) -> bytes:
        return await asyncio.to_thread(self._read)

    def close(self) -> None:
        self._closing.set()
        self._port.close()

    def _read(self) -> bytes:
        """What has come, all of it; none once the connection has ended, which the client puts as None behind the bytes.

        Its own `read` raises when the connection has ended, whatever waits. The call looks now and then whether it is
        to end.
        """
        waiting: queue.Queue[bytes | None] = self._port._read_buffer  # type: ignore[attr-defined]
        while not self._ended and not self._closing.is_set():
            with suppress(queue.Empty):
                data = bytearray()
                byte = waiting.get(timeout=LOOKING)
                while byte is not None:
                    data += byte
                    if waiting.empty():
                        return bytes(data)
                    byte = waiting.get()
                self._ended = True
                return bytes(data)
        return b""


async def _aside(connect: Callable[[], RemoteConnection]) -> RemoteConnection:
    """Connect in a thread that nobody waits for at the end; who is cancelled meanwhile leaves no line open."""
    made: Future[RemoteConnection] = Future()

    def connect_for() -> None:
        try:
            line = connect()
        except BaseException as error:
            if made.set_running_or_notify_cancel():
                made.set_exception(error)
            return
        if made.set_running_or_notify_cancel():
            made.set_result(line)
        else:
            line.close()

    threading.Thread(target=connect_for, name="connecting", daemon=True).start()
    return await asyncio.wrap_future(made)


def enable_keepalive(connection: socket.socket) -> None:
    """Have the system find out about a peer that is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _PROBES:
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def open_remote(name: str, baud: int | None, assumed: int) -> RemoteTap:
    """The tap at this address. Raises `SourceError`."""
    scheme = name.partition(":")[0].lower()
    try:
        address = urlsplit(name)
        host, port = address.hostname, address.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise SourceError(f"{name}: this is no address: write {scheme}://host:port")
    if scheme == "socket":
        return RemoteTap(name, baud, lambda: SocketConnection(host, port))
    if scheme == "rfc2217":
        rate = baud or assumed
        return RemoteTap(name, rate, lambda: Rfc2217Connection(name, rate))
    raise SourceError(f"{name}: no such kind of tap: socket:// and rfc2217:// are known")


def _why(error: BaseException) -> str:
    if isinstance(error, serial.SerialException) and error.__context__:
        # What the system said, without the client's words around it.
        return _why(error.__context__)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
