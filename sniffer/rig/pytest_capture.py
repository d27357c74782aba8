"""The capture of a test: its place, its name, and what the report of a failed test says of it.

The plugin loads this module in every run of pytest, so it imports nothing but pytest.
"""

import re
from pathlib import Path

import pytest

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from sniffer.rig.live_session import LiveSession

FOLDER = "evse-captures"
"""The folder of the captures: beside the JUnit file if there is one, else in the temporary folder of the run."""

_MOST_NAME = 120
"""The characters of the name of a capture, without its ending, at most."""


class TestCapture:
    """The capture of one test. `session` is None until the port is open. `is_wanted`: the test has failed."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session: LiveSession | None = None
        self.is_wanted = False


CAPTURE = pytest.StashKey[TestCapture]()
"""The capture of a test, in the stash of its item."""


def format_section(capture: TestCapture) -> str:
    """Return the section of the report of a failed test: the place of its capture, and the verdict on the link."""
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
