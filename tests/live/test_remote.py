"""Taps on another machine, as real processes: ser2net before a pseudo-terminal, killed and started again."""

import asyncio
import contextlib
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from serial.rfc2217 import PortManager

from sniffer.sources.remote import Rfc2217Connection
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import PATIENCE, Line, Tap, free_port
from tests.tools import EVSE_SNIFF, need

FRAME = STATUS_REPORT.raw

pytestmark = pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
"""pyserial's client starts its thread in an old way."""


@contextlib.contextmanager
def ser2net(folder: Path, line: Line, port: int, accepter: str) -> Iterator[subprocess.Popen[bytes]]:
    """ser2net that serves the line at this port; it runs when it takes connections."""
    config = folder / "ser2net.yaml"
    config.write_text(
        f"connection: &tap\n  accepter: {accepter},127.0.0.1,{port}\n"
        f"  connector: serialdev,{line.port},115200n81,local\n  options:\n    kickolduser: true\n"
    )
    server = subprocess.Popen([need("ser2net"), "-n", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def write_until_received(line: Line, tap: Tap) -> None:
    """Write until the tap receives: ser2net opens the line when a client connects, which takes a moment."""
    for _ in range(PATIENCE * 10):
        line.write(FRAME)
        time.sleep(0.1)
        if not tap.is_quiet:
            return
    raise AssertionError("nothing was received")


@pytest.mark.parametrize(("scheme", "accepter"), [("socket", "tcp"), ("rfc2217", "telnet(rfc2217),tcp")])
def test_a_server_that_is_killed_and_started_again_is_a_gap(tmp_path, scheme, accepter):
    port = free_port()
    with Line() as line, contextlib.ExitStack() as running:
        with ser2net(tmp_path, line, port, accepter):
            wait_for_server(port)
            tap = running.enter_context(Tap(f"{scheme}://127.0.0.1:{port}"))
            write_until_received(line, tap)
            assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        tap.until("source_lost")
        with ser2net(tmp_path, line, port, accepter):
            tap.until("source_back")
            write_until_received(line, tap)
            assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
            assert tap.interrupt()[0] == 0


@pytest.mark.parametrize("accepter", ["telnet(rfc2217),tcp", "telnet,tcp"])
def test_a_telnet_port_is_named_and_none_of_its_bytes_is_hidden(tmp_path, accepter):
    port = free_port()
    with Line() as line, ser2net(tmp_path, line, port, accepter):
        wait_for_server(port)
        with Tap(f"socket://127.0.0.1:{port}") as tap:
            write_until_received(line, tap)
            noise, frame = tap.next_seen(2)
            assert noise["note"].startswith(f"use rfc2217://127.0.0.1:{port}: this port speaks telnet")
            assert noise["raw"].startswith("fffb03fffd03")
            assert (frame["raw"], "note" in frame) == (FRAME.hex(), False)
            assert tap.interrupt() == (0, "")


def wait_for_server(port: int) -> None:
    for _ in range(PATIENCE * 20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("ser2net does not answer")


@pytest.mark.parametrize("scheme", ["socket", "rfc2217"])
def test_nobody_there_is_reported_in_one_line(scheme):
    words = [*EVSE_SNIFF, "dump", f"{scheme}://127.0.0.1:{free_port()}"]
    refused = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "no connection: Connection refused: is" in refused.stderr


@pytest.mark.parametrize(
    "name", ["socket://nowhere", "socket://[::1:5", "socket://:1", "socket://h:99999", "ftp://host:1"]
)
def test_what_is_no_address_is_reported_in_one_line(name):
    refused = subprocess.run([*EVSE_SNIFF, "dump", name], capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("dropped", [False, True])
async def test_bytes_before_a_drop_are_read_before_it_is_reported(dropped):
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = threading.Thread(target=answer_and_hang_up, args=(server,))
        peer.start()
        line = await asyncio.to_thread(Rfc2217Connection, f"rfc2217://127.0.0.1:{server.getsockname()[1]}", 9600)
        peer.join()
        if dropped:
            # The client's own thread has long ended when what it read is asked for.
            await asyncio.sleep(0.3)
        read = b""
        with contextlib.suppress(OSError):
            while data := await line.read():
                read += data
        await asyncio.to_thread(line.close)
    assert read == FRAME * 50


def answer_and_hang_up(server: socket.socket, data: bytes = FRAME * 50) -> None:
    """Serve a port that accepts all settings, sends some bytes, and closes the connection."""
    connection, _ = server.accept()
    with connection:
        serving = PortManager(serial.serial_for_url("loop://"), Answers(connection))  # type: ignore[arg-type]
        connection.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            while request := connection.recv(1024):
                list(serving.filter(request))
        connection.sendall(data)


class Answers:
    """The connection through which `PortManager` answers."""

    def __init__(self, connection: socket.socket) -> None:
        self.write = connection.sendall


async def test_a_peer_that_is_gone_without_a_word_is_found_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = threading.Thread(target=answer_and_hang_up, args=(server,))
        peer.start()
        line = await asyncio.to_thread(Rfc2217Connection, f"rfc2217://127.0.0.1:{server.getsockname()[1]}", 9600)
        assert line.connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        peer.join()
        await asyncio.to_thread(line.close)


HOSTILE = {
    "a setting before it is negotiated": bytes.fromhex("FFFA2C65FFF0"),
    "the end of an option that was not begun": b"\xff\xf0",
    "an empty option": bytes.fromhex("FFFAFFF0"),
    "states of no byte": bytes.fromhex("FFFA2C6AFFF0 FFFA2C6BFFF0"),
    "noise": random.Random(16).randbytes(3000),
    "nothing": b"",
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_server_that_does_not_keep_to_rfc_2217_is_refused_in_one_line(sent):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=send_and_wait, args=(server, sent), daemon=True).start()
        words = [*EVSE_SNIFF, "dump", f"rfc2217://127.0.0.1:{server.getsockname()[1]}"]
        refused = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "the other machine does not keep to RFC 2217" in refused.stderr


def send_and_wait(server: socket.socket, data: bytes) -> None:
    """Send these bytes to the first client, and leave the connection open until it is closed."""
    connection, _ = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.sendall(data)
        while connection.recv(1024):
            pass


async def test_a_server_that_goes_wrong_later_ends_the_connection_without_a_word(capsys):
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = threading.Thread(target=answer_and_hang_up, args=(server, FRAME + bytes.fromhex("FFFA2C65FFF0 FFF0")))
        peer.start()
        line = await asyncio.to_thread(Rfc2217Connection, f"rfc2217://127.0.0.1:{server.getsockname()[1]}", 9600)
        peer.join()
        read = b""
        while data := await line.read():
            read += data
        await asyncio.to_thread(line.close)
    assert read == FRAME
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("scheme", ["socket", "rfc2217"])
@pytest.mark.parametrize("option", ["?logging=debug", "?logging=x", "?timeout=nan", "#x"])
def test_an_address_with_options_is_refused_in_one_line(scheme, option):
    words = [*EVSE_SNIFF, "dump", f"{scheme}://127.0.0.1:{free_port()}{option}"]
    refused = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"an address has no options here: write {scheme}://host:port" in refused.stderr


def test_status_names_a_telnet_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        words = [*EVSE_SNIFF, "status", f"socket://{address}", "--for", "1"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"\xff\xfb\x01")
                _, notices = process.communicate(timeout=PATIENCE)
        assert f"use rfc2217://{address}: this port speaks telnet" in notices
        assert notices.count("\n") == 1
