"""The page that Prometheus reads: one HTTP server in a thread of its own.

In: the last sample of an observer. Out: text, made when it is asked for, from values that never change. The server
takes one request at a time and reads nothing of it but its path and the form that it accepts. So the worst that a
client can do is to keep others from the page. It starts and ends with the session.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from sniffer.base.blocking import run_detached
from sniffer.base.errors import OutputError
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.fleet.metrics.families import build_families
from sniffer.fleet.metrics.observer import MetricsObserver
from sniffer.session import Session

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

POLL_INTERVAL = 0.05
"""Seconds between two checks of the thread whether it has to end."""

CLOSE_TIMEOUT = 1.0
"""Seconds for which the end of the session waits for the server, which may be answering a request."""


class SessionCollector:
    """The collector of one session, for a registry of prometheus-client."""

    def __init__(self, observer: MetricsObserver, definition: Definition) -> None:
        self._observer = observer
        self._definition = definition

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is follows from the session."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of the last sample, and whether there is one."""
        sample = self._observer.sample
        about = "1 while the session is sampled; 0 before its start, and after an error in the metrics."
        yield GaugeMetricFamily("evse_sniff_up", about, value=float(sample is not None))
        if sample:
            yield from build_families(sample, self._definition)


class MetricsServer:
    """An observer of one session, with the server of its page. Raises `OutputError` if the address cannot be used."""

    def __init__(
        self, host: str, port: int, definition: Definition, report: Callable[[str], None] = lambda _: None
    ) -> None:
        self._observer = MetricsObserver(definition, report)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(SessionCollector(self._observer, definition))
        kind = _Server6 if ":" in host else _Server
        try:
            self._server = make_server(host, port, _guard(make_wsgi_app(registry)), kind, _Handler)
        except (OSError, OverflowError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            about = f"metrics cannot be offered at {host}, port {port}: {reason}: name another address"
            raise OutputError(about) from error
        serve = partial(self._server.serve_forever, POLL_INTERVAL)
        self._thread = Thread(target=serve, name="metrics", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """The address of the page."""
        host, port = map(str, self._server.server_address[:2])
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/metrics"

    def start(self, session: Session) -> None:
        """Begin to sample the session."""
        self._observer.start(session)

    def receive(self, records: Sequence[Record]) -> None:
        """Count these records."""
        self._observer.receive(records)

    def detach(self, error: Exception) -> None:
        """Stop sampling; `evse_sniff_up` is 0 from now on."""
        self._observer.detach(error)

    async def close(self) -> None:
        """End the server: after the session, no figure on the page would be true any more."""
        await self._observer.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(run_detached(self._server.shutdown), CLOSE_TIMEOUT)
        self._server.server_close()


class _Server(WSGIServer):
    """A server that says nothing on the terminal, which may show the screen."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Drop the request: the client has gone, or was too slow."""


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    """A request. `timeout` is how long a client may be silent, in seconds."""

    timeout = 2

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""

    def address_string(self) -> str:
        """Return the address of the client without looking its name up."""
        return str(self.client_address[0])


def _guard(application: "WSGIApplication") -> "WSGIApplication":
    """Return the application with an answer also for an error of it, which its reader sees."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        try:
            return application(environ, start)
        except Exception as error:
            start("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"evse-sniff: the metrics failed: {type(error).__name__}: {error}\n".encode()]

    return answer
