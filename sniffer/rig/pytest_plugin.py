"""The pytest plugin `pytest-evse`: the option `--evse-port`, the fixture `tap`, and captures of tests that fail.

In: the hooks of pytest. Out: for a test that uses `tap`, a capture of its session, which is kept if the test fails. The
path is in the report of the test, and in its JUnit properties as `evse_capture`. Every run of pytest on a machine with
this package loads this module. So it imports little but pytest, and does nothing for tests without the fixture.
"""

from collections.abc import Generator

import pytest

from sniffer.rig.pytest_capture import CAPTURE, format_section

PROPERTY = "evse_capture"

NO_ASYNCIO = "tap: pytest-asyncio is needed: pip install pytest-asyncio"


class FixtureWithoutLoop:
    """The fixture of a run without pytest-asyncio, which could not run the real one."""

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
