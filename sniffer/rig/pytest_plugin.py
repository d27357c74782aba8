"""The pytest plugin `pytest-evse`: the option `--evse-port`, the fixture `tap`, and captures of tests that fail.

In: the hooks of pytest. Out: for a test that uses `tap`, a capture of its session, which is kept if the test fails. The
path is in the report of the test, and in its JUnit properties as `evse_capture`. Every run of pytest on a machine with
this package loads this module. So it imports nothing but pytest, and does nothing for tests without the fixture.
"""

import re
from collections.abc import Generator
from pathlib import Path

import pytest

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from sniffer.rig.live_session import LiveSession

FOLDER = "evse-captures"
"""The folder of the captures: beside the JUnit file if there is one, else in the temporary folder of the run."""

PROPERTY = "evse_capture"

NO_PORT = "tap: no port is named: run pytest with --evse-port /dev/ttyUSB0, or with --evse-port demo"
NO_ASYNCIO = "tap: pytest-asyncio is needed: pip install pytest-asyncio"

_MOST_NAME = 120


class TestCapture:
    """The capture of one test. `session` is None until the port is open. `is_wanted`: the test has failed."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session: LiveSession | None = None
        self.is_wanted = False


CAPTURE = pytest.StashKey[TestCapture]()
"""The capture of a test, in the stash of its item."""


class FixtureWithoutLoop:
    """The fixture where nothing runs an asynchronous one."""

    @pytest.fixture
    def tap(self) -> None:
        """Fail: pytest-asyncio is missing."""
        pytest.fail(NO_ASYNCIO, pytrace=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--evse-port`."""
    parser.getgroup("evse", "EV charger on a serial port (evse-sniff)").addoption(
        "--evse-port",
        action="append",
        default=[],
        metavar="PORT",
        help="the port of the charger, for the fixture tap; twice: two taps, one on each wire; demo: a simulated one",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the fixture, as far as it can be run here."""
    if not config.pluginmanager.hasplugin("asyncio"):
        config.pluginmanager.register(FixtureWithoutLoop(), "evse-tap")
        return
    from sniffer.rig import pytest_tap

    config.pluginmanager.register(pytest_tap, "evse-tap")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> "Generator[None, pytest.CallInfo[None], None]":
    """Attach the capture to the report of a test that failed; delete that of a test that passed, at its end."""
    outcome = yield
    capture = item.stash.get(CAPTURE, None)
    if capture is None:
        return
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]  # pluggy sends its result
    if report.failed:
        if not capture.is_wanted:
            capture.is_wanted = True
            item.user_properties.append((PROPERTY, str(capture.path)))
            report.user_properties.append((PROPERTY, str(capture.path)))
        report.sections.append(("evse-sniff", format_section(capture)))
    if report.when == "teardown":
        del item.stash[CAPTURE]
        if not capture.is_wanted:
            capture.path.unlink(missing_ok=True)


def format_section(capture: TestCapture) -> str:
    """Return what stands in the report of a failed test: where its capture is, and whether anything was received."""
    from sniffer.base.sanitize import printable

    lines = [f"capture of the session: {capture.path}"]
    if capture.session:
        health = capture.session.health
        lines.append(f"link: {health.health}: {health.reason}")
    return "\n".join(map(printable, lines))


def create_path(request: pytest.FixtureRequest) -> Path:
    """Return the path of a new capture, named after the test. Its folder is created."""
    junit = getattr(request.config.option, "xmlpath", None)
    if junit:
        folder = Path(junit).resolve().parent / FOLDER
    else:
        temporary: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        folder = temporary.getbasetemp() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", request.node.nodeid).strip("._")[-_MOST_NAME:]
    path, number = folder / f"{stem}.pcapng", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.pcapng", number + 1
    return path
