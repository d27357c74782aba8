"""The fixture `tap` for pytest-asyncio: the session of one test, from its beginning to its end.

In: the ports of `--evse-port`. Out: a `sniffer.LiveSession`, which records into a file of the test. It is imported only
where pytest-asyncio is, and imports the rest of this package only in a test that uses it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.rig.pytest_capture import CAPTURE, TestCapture, create_path

if TYPE_CHECKING:
    from sniffer.rig.live_session import LiveSession

NO_PORT = "tap: no port is named: run pytest with --evse-port /dev/ttyUSB0, or with --evse-port demo"


@pytest_asyncio.fixture
async def tap(request: pytest.FixtureRequest) -> "AsyncIterator[LiveSession]":
    """Read the charger on `--evse-port` while the test runs. A test that fails leaves a capture of its session."""
    ports: list[str] = request.config.getoption("evse_port")
    if not ports:
        pytest.fail(NO_PORT, pytrace=False)
    from sniffer.base.errors import SnifferError
    from sniffer.base.sanitize import printable
    from sniffer.rig.tap import tap as open_tap

    capture = TestCapture(create_path(request))
    problem = ""
    async with AsyncExitStack() as stack:
        try:
            capture.session = await stack.enter_async_context(open_tap(*ports, record=capture.path))
        except SnifferError as error:
            problem = printable(str(error))
        if capture.session is None:
            # Outside of the handler, so that the report is this line alone.
            pytest.fail(f"tap: {problem}", pytrace=False)
        request.node.stash[CAPTURE] = capture
        yield capture.session
