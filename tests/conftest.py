"""Fixtures of every test: nothing is read from the home of whoever runs them, and nothing is left there."""

import gc
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.thoroughness import repetitions

# How long an example takes says nothing on a machine that is busy with other tests.
settings.register_profile("untimed", deadline=None, max_examples=repetitions(50, 100))
settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let one of several workers begin with the slow tests, so that none is left for the end.

    Those in `live` wait for programs most of the time: all workers would wait at once.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None and "live" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the thousands of collected tests, and run more rarely than by default.

    It took a third of the time of the screen's tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        patch.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _default_signals() -> None:
    """Let signals end what the tests start, also where a shell (in the background) or nohup has them ignored."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
