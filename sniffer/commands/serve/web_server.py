"""The web server of screens: textual-serve starts a program for each browser, and this says which, and for whom.

In: the words of a program that shows a session and changes nothing (`--read-only`). Out: pages. What a browser sends
are keys and the size of its window, which go to that program as data; no word of it becomes part of a command. Pages of
other sites, which a browser would let in, are refused, and so are more browsers than `MOST_VIEWERS`.
"""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server, to_int

from sniffer.base.errors import OutputError
from sniffer.base.sanitize import printable
from sniffer.commands.serve.screen_service import ScreenService

MOST_VIEWERS = 8
"""The number of browsers that are shown a session at the same time: each needs a program with all of it in memory."""

SOCKET_PATH = "/ws"

_POLICY = "default-src 'self' 'unsafe-inline' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
"""The content that the page may load: none from elsewhere. That of textual-serve asks for a font from the internet."""

CLOSE_TIMEOUT = 5.0
"""Seconds that browsers have at the end."""

HEARTBEAT = 15.0
"""Seconds after which a browser has to show that it is still there."""

MOST_SENT = 1 << 16
"""The most bytes that a browser may send at once."""

_LOG = logging.getLogger("textual-serve")


class ScreenServer(Server):
    """The server of one session's screen. `find_words` returns the program for the next browser."""

    def __init__(self, find_words: Callable[[], Sequence[str]], host: str, port: int, title: str) -> None:
        super().__init__("", host=host, port=port, title=title)
        self._find_words = find_words
        self._viewers: set[asyncio.Task[object]] = set()
        self._runner: web.AppRunner | None = None

    async def open(self) -> str:
        """Begin to serve, and return the address. Raises `OutputError` if it cannot be used."""
        app = web.Application(middlewares=[self._admit])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(self.templates_path))
        app.add_routes(
            [
                web.get("/", self._show_page, name="index"),
                web.get(SOCKET_PATH, self._show_screen, name="websocket"),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_TIMEOUT)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            raise OutputError(f"the screen cannot be served at {self.host}, port {self.port}: {reason}") from error
        host, port = self._runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def close(self) -> None:
        """End all screens and the server, within a bounded time."""
        await self.close_viewers()
        if self._runner:
            await self._runner.cleanup()

    async def close_viewers(self) -> None:
        """End the screens of all browsers; each may open a new one."""
        viewers = [*self._viewers]
        for viewer in viewers:
            viewer.cancel()
        if viewers:
            await asyncio.wait(viewers, timeout=CLOSE_TIMEOUT)

    async def _show_page(self, request: web.Request) -> web.StreamResponse:
        # The page names the server as the browser does: it may be reached by several names.
        self.public_url = f"http://{request.host}"
        page = await self.handle_index(request)
        page.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
        return page

    async def _show_screen(self, request: web.Request) -> web.StreamResponse:
        """Run a program for this browser until either ends. What the browser sends is data of that program."""
        browser = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MOST_SENT)
        width, height = (
            to_int(request.query.get(name, ""), length) for name, length in (("width", 80), ("height", 24))
        )
        await browser.prepare(request)
        service = ScreenService(self._find_words(), browser.send_bytes, browser.send_str, browser.close)
        try:
            await service.start(width, height)
            await self._process_messages(browser, service)
        except Exception as error:
            # What a browser sends is no reason to stop: it is named, and that browser is left.
            _LOG.warning("a browser was left: %s: %s", type(error).__name__, error)
        finally:
            await service.stop()
            await browser.close()
        return browser

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, unless a page of another site sent it, or too many browsers look on."""
        if not is_own_host(request.host, self.host):
            raise web.HTTPForbidden(text="this server has another name: open the address that it printed")
        if request.path != SOCKET_PATH:
            return await handler(request)
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="a page of another site cannot show the screen")
        if len(self._viewers) >= MOST_VIEWERS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_VIEWERS} browsers look on already: close one of them first")
        viewer = asyncio.current_task()
        assert viewer is not None
        self._viewers.add(viewer)
        try:
            return await handler(request)
        finally:
            self._viewers.discard(viewer)


def is_own_host(host: str, served: str) -> bool:
    """Return True if a browser may call the server by this name: an address, this machine's name, or that it serves.

    Any other name can be that of a site which leads here to read the screen (DNS rebinding).
    """
    name = _strip_port(host).removeprefix("[").removesuffix("]").casefold()
    own = socket.gethostname().casefold()
    if name in (served.casefold(), "localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _strip_port(host: str) -> str:
    """Return a host without its port; the colons of an address of IPv6 in brackets are no port."""
    name, _, port = host.rpartition(":")
    return name if port.isdigit() and not host.endswith("]") else host


class LineHandler(logging.Handler):
    """A log of one line for each failure, as a traceback is of no use to the viewers."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Print the failure."""
        self._say(printable(record.getMessage()))


def log_to(say: Callable[[str], None]) -> None:
    """Let the servers say what fails in one line each."""
    for name in ("textual-serve", "aiohttp"):
        logger = logging.getLogger(name)
        logger.handlers = [LineHandler(say)]
        logger.propagate = False
