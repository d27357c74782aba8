"""The page of the metrics: read by any client at any time, and no client can stall it for long or crash it."""

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.request

import pytest

from sniffer.base.errors import OutputError
from sniffer.fleet.metrics import server as serving
from sniffer.fleet.metrics.server import MetricsServer
from sniffer.session import Attachments, Session, live_limits
from sniffer.sources.open import pipeline_for
from tests.core.protocol.helpers import DEFINITION
from tests.fleet.metrics.helpers import Played, voltages


def read(server: MetricsServer) -> str:
    with urllib.request.urlopen(server.address, timeout=10) as answer:
        return str(answer.read().decode())


async def test_the_page_is_there_while_the_session_runs_and_ends_with_it():
    server = MetricsServer("127.0.0.1", 0, DEFINITION)
    pages = [read(server)]

    class Reading(Played):
        async def run(self, take):
            take(voltages(0))
            pages.append(await asyncio.to_thread(read, server))

    source = Reading([])
    attachments = Attachments(observers=[server])
    await Session(source, pipeline_for(source, DEFINITION, live_limits()), attachments=attachments).run()
    assert "evse_sniff_up 0.0" in pages[0]
    assert "evse_sniff_up 1.0" in pages[1]
    assert "evse_bytes_read_total" in pages[1]
    with pytest.raises(OSError, match="refused"):
        read(server)


async def test_an_error_is_answered_and_not_printed(capfd, monkeypatch):
    server = MetricsServer("127.0.0.1", 0, DEFINITION)
    monkeypatch.setattr(serving, "GaugeMetricFamily", None)
    with pytest.raises(urllib.error.HTTPError) as caught:
        read(server)
    assert caught.value.code == 500
    assert caught.value.read().decode().startswith("evse-sniff: the metrics failed: TypeError")
    monkeypatch.undo()
    assert "evse_sniff_up" in read(server)
    await server.close()
    assert capfd.readouterr() == ("", "")


async def test_clients_that_say_nothing_or_nonsense_hold_nobody_up_for_long(capfd, monkeypatch):
    monkeypatch.setattr(serving._Handler, "timeout", 0.2)
    server = MetricsServer("127.0.0.1", 0, DEFINITION)
    place = "127.0.0.1", server._server.server_port
    began = time.monotonic()
    with socket.create_connection(place), socket.create_connection(place) as rude:
        rude.sendall(b"\x00\xff\x1b[31m" * 1000 + b"\r\n\r\n")
        assert "evse_sniff_up" in await asyncio.to_thread(read, server)
    assert time.monotonic() - began < 5
    await server.close()
    assert capfd.readouterr() == ("", "")
    assert [thread for thread in threading.enumerate() if thread.name == "metrics"] == []


def test_an_address_that_cannot_be_used_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OutputError, match=f"127.0.0.1, port {port}: Address already in use: name another address"):
            MetricsServer("127.0.0.1", port, DEFINITION)
    with pytest.raises(OutputError, match="name another address"):
        MetricsServer("no-such-host.invalid", 1, DEFINITION)


async def test_an_address_of_ipv6_is_written_in_brackets():
    server = MetricsServer("::1", 0, DEFINITION)
    assert server.address.startswith("http://[::1]:")
    assert "evse_sniff_up" in read(server)
    await server.close()
