"""A tap on another machine: `socket://host:port` carries the bytes of a line, `rfc2217://` a port with a rate to set.

In: the address. Out: the bytes with their arrival times on this machine, so the delays of the network are in them, and
the passing of time while nothing arrives. When the connection drops, a gap is reported and the tap connects again, with
pauses that grow to `MAX_PAUSE`. The first connection must succeed, else `SourceError` is raised. A `socket://` that
speaks telnet gets a note on its first record, which names the right address. The connection is not encrypted: the
README shows how to tunnel it.
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
from msgspec.structs import replace
from serial import rfc2217

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk, Note, TapGap, TapRestored, TapState
from sniffer.sources.idle_reports import wait_reporting_idle
from sniffer.sources.source import Take
from sniffer.sources.steady_clock import SteadyClock
from sniffer.sources.telnet_detector import TelnetDetector

CONNECT_TIMEOUT = 5.0
"""Seconds that connecting may take."""

MIN_PAUSE = 0.1
MAX_PAUSE = 5.0
"""Seconds between two attempts to connect: the first pause, and the longest."""

CLOSE_CHECK = 0.2
"""Seconds after which a waiting read checks whether the connection was closed."""

READ_SIZE = 1 << 16
_PROBES = (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))
"""Options that detect a silently vanished peer within some seconds, on systems that have them."""

_FAILURES = (OSError, serial.SerialException, ValueError)


class RemoteConnection(Protocol):
    """A connection to the other machine. All methods raise one of `_FAILURES`."""

    async def read(self) -> bytes:
        """Wait for bytes and return them; empty when the connection has ended."""
        ...

    def close(self) -> None:
        """Close the connection, which may take seconds."""
        ...


class RemoteTap:
    """A connected tap. `connect` makes a connection; `baud` is the rate that the other machine was asked to set.

    `telnet_note` is the text for a connection that begins with a telnet negotiation; it is given once. It is empty for
    a connection whose client negotiates.
    """

    is_live = True
    zone = None
    times_are_first_bytes = False
    about = "a tap on another machine"
    needs_merging = False

    def __init__(
        self, name: str, baud: int | None, connect: Callable[[], RemoteConnection], telnet_note: str = ""
    ) -> None:
        self.name = name
        self.baud = baud
        self._clock = SteadyClock()
        self._connect = connect
        self._telnet_note = telnet_note
        self._state = TapState(name, baud)
        try:
            self._connection = connect()
        except _FAILURES as error:
            raise SourceError(
                f"{name}: no connection: {_reason_of(error)}: is the other machine's tap running?"
            ) from error

    @property
    def taps(self) -> tuple[TapState, ...]:
        """The state of this one tap."""
        return (self._state,)

    def now(self) -> int:
        """Return the wall time of this machine in nanoseconds."""
        return self._clock.now()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    async def run(self, take: Take) -> None:
        """Read until cancelled; connect again whenever the connection drops."""
        take = self._clock.watch(take)
        while True:
            reason = await self._read_until_dropped(take)
            take(TapGap(self._clock.now(), reason))
            self._state = replace(self._state, lost=f"{reason}: connecting again")
            await self._reconnect()
            self._state = replace(self._state, lost="")
            take(TapRestored(self._clock.now(), "connected again"))

    async def _read_until_dropped(self, take: Take) -> str:
        """Read until the connection drops; return the reason."""
        detector = TelnetDetector()
        try:
            while data := await wait_reporting_idle(self._connection.read(), take, self._clock.now):
                if self._telnet_note and detector.feed(data):
                    # It belongs to the next record, which holds these bytes.
                    take(Note(self._telnet_note))
                    self._state = replace(self._state, advice=self._telnet_note)
                    self._telnet_note = ""
                take(Chunk(data, self._clock.now()))
        except _FAILURES as error:
            return f"the connection dropped ({_reason_of(error)})"
        finally:
            await asyncio.to_thread(self._connection.close)
        return "the other machine closed the connection"

    async def _reconnect(self) -> None:
        """Try to connect until it succeeds, with pauses that grow from `MIN_PAUSE` to `MAX_PAUSE`."""
        pause = MIN_PAUSE
        while True:
            await asyncio.sleep(pause)
            pause = min(2 * pause, MAX_PAUSE)
            try:
                self._connection = await _connect_in_thread(self._connect)
            except _FAILURES as error:
                lost = f"no connection ({_reason_of(error)}): connecting again"
                self._state = replace(self._state, lost=lost)
                continue
            return


class SocketConnection:
    """A TCP connection that carries the bytes of a line."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_TIMEOUT)
        enable_keepalive(self._socket)
        self._socket.setblocking(False)

    async def read(self) -> bytes:
        """Wait for bytes and return them; empty when the other machine has closed the connection."""
        return await asyncio.get_running_loop().sock_recv(self._socket, READ_SIZE)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class _Rfc2217Client(rfc2217.Serial):
    """pyserial's client, whose reading thread ends the connection where it would print a traceback.

    `violation` is the error that it found in what the other machine sent; None if it found none.
    """

    violation: Exception | None = None

    def _telnet_read_loop(self) -> None:
        """Read until the connection ends. An error of the other side is kept as `violation`, and ends the reader."""
        try:
            super()._telnet_read_loop()  # type: ignore[misc]  # private to pyserial
        except Exception as error:
            # pyserial raises many kinds on what a hostile server sends, in a thread: only a traceback would follow.
            self.violation = error
            self._read_buffer.put(None)  # type: ignore[attr-defined]  # private to pyserial


class Rfc2217Connection:
    """A port of another machine whose rate is set, through pyserial's client, which needs a thread."""

    def __init__(self, name: str, baud: int) -> None:
        self._port = _Rfc2217Client()
        # A server whose port has no modem lines, such as a pseudo-terminal, never answers requests about them.
        self._port.port = f"{name}?ign_set_control"
        self._port.baudrate = baud
        self._port.dtr = False
        self._port.rts = False
        try:
            self._port.open()
        except serial.SerialException as error:
            if self._port.violation or not error.__context__:
                raise ConnectionError("the other machine does not keep to RFC 2217 (try socket://)") from error
            raise
        enable_keepalive(self.connection)
        self._closing = threading.Event()
        self._ended = False

    @property
    def connection(self) -> socket.socket:
        """The socket of the client."""
        found: socket.socket = self._port._socket  # type: ignore[attr-defined]  # private to pyserial
        return found

    async def read(self) -> bytes:
        """Wait for bytes and return them; empty when the connection has ended."""
        return await asyncio.to_thread(self._read)

    def close(self) -> None:
        """End a waiting read, then close the port."""
        self._closing.set()
        self._port.close()

    def _read(self) -> bytes:
        """Return all bytes that have arrived; empty when the connection has ended or was closed.

        The client's own `read` raises when the connection has ended, even if bytes still wait. So this reads the
        client's buffer, in which None after the bytes marks the end.
        """
        waiting: queue.Queue[bytes | None] = self._port._read_buffer  # type: ignore[attr-defined]  # private to pyserial
        while not self._ended and not self._closing.is_set():
            with suppress(queue.Empty):
                data = bytearray()
                byte = waiting.get(timeout=CLOSE_CHECK)
                while byte is not None:
                    data += byte
                    if waiting.empty():
                        return bytes(data)
                    byte = waiting.get()
                self._ended = True
                return bytes(data)
        return b""


async def _connect_in_thread(connect: Callable[[], RemoteConnection]) -> RemoteConnection:
    """Connect in a daemon thread, so that the end of the program does not wait for it.

    If the caller is cancelled meanwhile, the connection is closed as soon as it is made.
    """
    made: Future[RemoteConnection] = Future()

    def connect_for() -> None:
        try:
            connection = connect()
        except BaseException as error:
            if made.set_running_or_notify_cancel():
                made.set_exception(error)
            return
        if made.set_running_or_notify_cancel():
            made.set_result(connection)
        else:
            connection.close()

    threading.Thread(target=connect_for, name="connecting", daemon=True).start()
    return await asyncio.wrap_future(made)


def enable_keepalive(connection: socket.socket) -> None:
    """Let the system detect a peer that has vanished."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _PROBES:
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def open_remote(name: str, baud: int | None, assumed: int) -> RemoteTap:
    """Return a connected tap for this address. `assumed` is the rate of `rfc2217://` if `baud` is None.

    Raises `SourceError` if the address is wrong or the connection fails.
    """
    scheme = name.partition(":")[0].lower()
    if scheme not in ("socket", "rfc2217"):
        raise SourceError(f"{name}: no such kind of tap: write socket://host:port or rfc2217://host:port")
    try:
        address = urlsplit(name)
        host, port = address.hostname, address.port
        options = address.query or address.fragment
    except ValueError:
        host = port = None
        options = ""
    if not host or not port:
        raise SourceError(f"{name}: this is no address: write {scheme}://host:port")
    if options:
        # pyserial has options after the address, one of which prints on the terminal.
        raise SourceError(f"{name}: an address has no options here: write {scheme}://host:port")
    if scheme == "socket":
        right = f"rfc2217://{address.netloc}"
        note = f"use {right}: this port speaks telnet, which adds bytes to those of the line"
        return RemoteTap(name, baud, lambda: SocketConnection(host, port), note)
    rate = baud or assumed
    return RemoteTap(name, rate, lambda: Rfc2217Connection(name, rate))


def _reason_of(error: BaseException) -> str:
    """Return the reason of a failed connection, in the words of the system where it has some."""
    if isinstance(error, serial.SerialException) and error.__context__:
        return _reason_of(error.__context__)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
