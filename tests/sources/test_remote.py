"""Taps on another machine, without one: what is addresses of the network, what is left open. The rest: tests/live."""

import asyncio
import queue
import socket
import threading
import time
from typing import cast

import pytest

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk, Idle, Note, TapGap
from sniffer.sources import remote
from sniffer.sources.remote import RemoteTap, SocketConnection, enable_keepalive, open_remote
from tests.waiting import until


class Ended:
    """A line that has ended before anything came."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    async def read(self) -> bytes:
        return b""

    def close(self) -> None:
        self.closed.set()


async def test_who_leaves_while_it_connects_again_waits_for_nothing_and_leaves_no_line_open() -> None:
    late, may_connect, is_connecting = Ended(), threading.Event(), threading.Event()

    def connect_again() -> Ended:
        is_connecting.set()
        assert may_connect.wait(60)
        return late

    ways = iter((Ended, connect_again))
    items: list[object] = []
    tap = RemoteTap("socket://far:1", None, lambda: next(ways)())
    running = asyncio.create_task(tap.run(items.append))
    await asyncio.to_thread(is_connecting.wait, 60)
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert [type(item) for item in items] == [TapGap]
    assert not late.closed.is_set()
    may_connect.set()
    assert await asyncio.to_thread(late.closed.wait, 60)


def test_a_program_that_ends_while_it_connects_does_not_wait() -> None:
    late, may_connect = Ended(), threading.Event()

    def connect_again() -> Ended:
        may_connect.wait(600)
        return late

    ways = iter((Ended, connect_again))

    async def leave() -> None:
        tap = RemoteTap("socket://far:1", None, lambda: next(ways)())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tap.run(lambda _: None), 0.5)

    began = time.monotonic()
    asyncio.run(leave())
    assert time.monotonic() - began < 300
    # No thread outlives the test.
    may_connect.set()
    assert late.closed.wait(60)


def test_an_address_of_the_newer_internet_is_written_in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: list[object] = []

    def create(address: object, _: float) -> socket.socket:
        addresses.append(address)
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", create)
    opened = open_remote("socket://[fe80::1]:4001", None, 115200)
    assert isinstance(opened, RemoteTap)
    assert isinstance(opened._connection, SocketConnection)
    opened.close()
    assert addresses == [("fe80::1", 4001)]


class Options:
    """A socket that keeps the options that are set."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], int] = {}

    def setsockopt(self, level: int, option: int, value: int) -> None:
        self.found[level, option] = value


def test_a_peer_that_vanishes_is_found_out_within_eleven_seconds() -> None:
    options = Options()
    enable_keepalive(cast(socket.socket, options))
    tcp = socket.IPPROTO_TCP
    assert options.found == {
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
        # The first probe is sent after 5 seconds of silence, then one every 2 seconds; three may stay unanswered.
        (tcp, socket.TCP_KEEPIDLE): 5,
        (tcp, socket.TCP_KEEPINTVL): 2,
        (tcp, socket.TCP_KEEPCNT): 3,
    }


async def test_a_connection_of_a_port_without_telnet_gives_its_bytes_and_its_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        tap = open_remote(f"socket://127.0.0.1:{server.getsockname()[1]}", 9600, 115200)
        peer, _ = server.accept()
        connection = cast(SocketConnection, tap._connection)
        # Without blocking: the loop reads it.
        assert connection._socket.getblocking() is False
        assert connection._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert tap.baud == 9600
        assert abs(tap.now() - time.time_ns()) < 60 * SECOND
        peer.sendall(b"xy")
        assert await connection.read() == b"xy"
        peer.close()
        assert await connection.read() == b""
        tap.close()
        assert connection._socket.fileno() == -1


async def test_a_read_that_waits_ends_when_the_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        """A client that never learns of the end: nothing is put into its buffer any more."""

        def __init__(self) -> None:
            self._read_buffer: queue.Queue[bytes | None] = queue.Queue()
            self._socket = socket.socket()

        def open(self) -> None:
            """Nothing is connected."""

        def close(self) -> None:
            self._socket.close()

    monkeypatch.setattr(remote, "_Rfc2217Client", Client)
    connection = remote.Rfc2217Connection("rfc2217://far:1", 9600)
    reading = asyncio.create_task(connection.read())
    await asyncio.sleep(0.01)
    assert not reading.done()
    connection.close()
    assert await asyncio.wait_for(reading, 100) == b""


class Quiet:
    """A line on which something comes after a silence."""

    def __init__(self) -> None:
        self._reads = iter((1.3, 60.0))

    async def read(self) -> bytes:
        await asyncio.sleep(next(self._reads))
        return b"x"

    def close(self) -> None:
        """Nothing is open."""


async def test_silence_is_reported_and_loses_nothing() -> None:
    items: list[object] = []
    running = asyncio.create_task(RemoteTap("socket://far:1", None, Quiet).run(items.append))
    await until(lambda: any(isinstance(item, Chunk) for item in items))
    running.cancel()
    await asyncio.wait([running])
    assert [type(item) for item in items] == [Idle, Chunk]


class Greeting:
    """A connection that begins with a telnet negotiation, cut anywhere, and ends."""

    def __init__(self) -> None:
        self._reads = [b"", b"\xaa", b"\xfb\x01\xff", b"\xff\xfc\x03\xff"]

    async def read(self) -> bytes:
        return self._reads.pop()

    def close(self) -> None:
        """Nothing is open."""


async def test_a_telnet_port_is_named_once_and_its_bytes_stay_what_they_are() -> None:
    items: list[object] = []
    tap = RemoteTap("socket://far:1", None, Greeting, "use rfc2217://far:1")
    running = asyncio.create_task(tap.run(items.append))
    await until(lambda: len([item for item in items if isinstance(item, TapGap)]) >= 2)
    assert tap.taps[0].advice == "use rfc2217://far:1"
    running.cancel()
    await asyncio.wait([running])
    begin = [item.data if isinstance(item, Chunk) else item for item in items[:4]]
    assert begin == [b"\xff\xfc\x03\xff", Note("use rfc2217://far:1"), b"\xfb\x01\xff", b"\xaa"]
    assert len([item for item in items if isinstance(item, Note)]) == 1
    assert b"".join(item.data for item in items if isinstance(item, Chunk)).startswith(
        b"\xff\xfc\x03\xff\xfb\x01\xff\xaa\xff"
    )


async def test_a_connection_whose_client_negotiates_has_no_such_note() -> None:
    items: list[object] = []
    tap = RemoteTap("rfc2217://far:1", None, Greeting)
    running = asyncio.create_task(tap.run(items.append))
    await until(lambda: any(isinstance(item, TapGap) for item in items))
    running.cancel()
    await asyncio.wait([running])
    assert not any(isinstance(item, Note) for item in items)
    assert tap.taps[0].advice == ""
