"""Taps on another machine, without one: what is addresses of the network, what is left open. The rest: tests/live."""

import asyncio
import socket
import threading
import time

import pytest

from sniffer.core.wire.items import Chunk, Idle, TapGap
from sniffer.sources.remote import RemoteTap, SocketConnection, open_remote


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
    never = threading.Event()
    ways = iter((Ended, lambda: never.wait(600)))

    async def leave() -> None:
        tap = RemoteTap("socket://far:1", None, lambda: next(ways)())  # type: ignore[arg-type,return-value]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tap.run(lambda _: None), 0.5)

    began = time.monotonic()
    asyncio.run(leave())
    assert time.monotonic() - began < 300


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
    while not any(isinstance(item, Chunk) for item in items):
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.wait([running])
    assert [type(item) for item in items] == [Idle, Chunk]
