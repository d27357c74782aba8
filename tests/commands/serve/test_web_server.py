"""The web server of screens: who may look, how many, and that no word of a browser reaches a shell."""

import asyncio
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from sniffer.base.errors import OutputError
from sniffer.commands.serve import web_server
from sniffer.commands.serve.web_server import ScreenServer, is_own_host, log_to

ECHO = """
import os, sys
sys.stdout.buffer.write(b"__GANGLION__\\n")
def give(data):
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()
give(repr([sys.argv[1:], os.environ["COLUMNS"], os.environ["ROWS"]]).encode())
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"M" and b"quit" in data:
        break
    give(head[:1] + data)
"""
"""A program that shows its arguments, and then everything that it is sent."""

HOSTILE = ["$(touch pwned)", "`touch pwned`", "; touch pwned #", "'; touch pwned; '", "\n touch pwned\n"]


@asynccontextmanager
async def serving(words: Sequence[str] = (), host: str = "127.0.0.1") -> AsyncIterator[str]:
    server = ScreenServer(lambda: [sys.executable, "-c", ECHO, *words], host, 0, "a <b> title")
    try:
        yield await server.open()
    finally:
        await server.close()


async def test_a_browser_gets_the_page_and_the_screen_of_a_program() -> None:
    async with serving(["a b", "$(x)"]) as url, aiohttp.ClientSession() as browser:
        async with browser.get(url) as answer:
            page = await answer.text()
            assert "font" not in answer.headers["Content-Security-Policy"]
        assert f"ws{url.removeprefix('http')}/ws" in page
        assert "a &lt;b&gt; title" in page
        async with browser.ws_connect(f"{url}/ws?width=90&height=30", origin=url) as screen:
            assert await screen.receive_bytes() == b"[['a b', '$(x)'], '90', '30']"
            await screen.send_json(["stdin", "q\x1b[A"])
            assert await screen.receive_bytes() == b"Dq\x1b[A"


async def test_no_word_of_a_browser_reaches_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with serving() as url, aiohttp.ClientSession() as browser:
        for word in HOSTILE:
            query = {"width": word, "height": word, "command": word, "fontsize": word}
            async with browser.ws_connect(f"{url}/ws", params=query, headers={"User-Agent": "x"}) as screen:
                assert await screen.receive_bytes() == b"[[], '80', '24']"
                await screen.send_json(["stdin", word])
                assert await screen.receive_bytes() == b"D" + word.encode()
                await screen.send_json(["resize", {"width": word, "height": word}])
                assert json.loads((await screen.receive_bytes())[1:])["width"] == word
            async with browser.get(url, params=query) as answer:
                assert "touch" not in await answer.text()
    assert list(tmp_path.iterdir()) == []


async def test_a_page_of_another_site_is_refused() -> None:
    async with serving() as url, aiohttp.ClientSession() as browser:
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.ws_connect(f"{url}/ws", headers=headers)
        async with browser.get(url, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        async with browser.get(f"{url}/download/x") as answer:
            assert answer.status == 404


async def test_the_number_of_browsers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_server, "MOST_VIEWERS", 1)
    async with serving() as url, aiohttp.ClientSession() as browser:
        async with browser.ws_connect(f"{url}/ws") as screen:
            await screen.receive_bytes()
            with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
                await browser.ws_connect(f"{url}/ws")
        for _ in range(100):
            try:
                async with browser.ws_connect(f"{url}/ws") as screen:
                    await screen.receive_bytes()
                break
            except aiohttp.WSServerHandshakeError:
                await asyncio.sleep(0.05)
        else:
            raise AssertionError("a browser that has left still counts")


async def test_nonsense_of_a_browser_is_one_line() -> None:
    said: list[str] = []
    log_to(said.append)
    try:
        async with serving() as url, aiohttp.ClientSession() as browser, browser.ws_connect(f"{url}/ws") as screen:
            await screen.receive_bytes()
            await screen.send_str("{\x1b[31m")
            left = await screen.receive()
            assert left.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
    finally:
        for name in ("textual-serve", "aiohttp"):
            logging.getLogger(name).handlers = []
            logging.getLogger(name).propagate = True
    assert len(said) == 1
    assert said[0].isprintable()
    assert "JSONDecodeError" in said[0]


async def test_an_address_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OutputError, match=f"the screen cannot be served at 127.0.0.1, port {port}: "):
            await ScreenServer(list, "127.0.0.1", port, "x").open()


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("[::1]", True),
        ("192.0.2.7", True),
        (f"{socket.gethostname()}:8000", True),
        ("bench.example:8000", True),
        ("evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_only_own_names_are_answered(host: str, is_own: bool) -> None:
    assert is_own_host(host, "bench.example") is is_own
