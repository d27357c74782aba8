"""The bench of a test run, booted once. Nothing here runs unless the marker `kernel` is wanted by name."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.bench import WAIT_UNTIL_GONE, Bench, Wire
from tests.kernel.emulated_adapter import EMULATED, FIND_DEVICE, EmulatedAdapter
from tests.kernel.machine import running_machine
from tests.kernel.recipe import GUEST, find_image

HERE = Path(__file__).parent
TIMEOUT = 120
"""Seconds for one test. Building the bench and booting it are not counted."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        (own if str(item.path).startswith(f"{HERE}/") else others).append(item)
    for item in own:
        item.add_marker(pytest.mark.kernel)
        item.add_marker(pytest.mark.timeout(TIMEOUT, func_only=True))
    if "kernel" not in config.option.markexpr:
        items[:] = others
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """Yield the booted guest, with the package in it."""
    image = find_image()
    # Paths of sockets must be short.
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder, port = Path(name), _find_free_port()
        with running_machine(image, folder, port) as machine:
            bench = Bench(machine, folder, image / "key", port)
            bench.copy_project()
            bench.start_warm_server()
            bench.run("modprobe", "vhci-hcd")
            yield bench
            bench.close()


@pytest.fixture
def wire(bench: Bench) -> Iterator[Wire]:
    """Yield the far end of the adapter that is plugged in by default."""
    wire = bench.wire("usb1")
    yield wire
    wire.close()


@pytest.fixture
def adapter(bench: Bench, wire: Wire) -> Iterator[str]:
    """Yield the device of an FTDI adapter in the first USB socket."""
    try:
        yield bench.plug(1)
    finally:
        bench.unplug_all()


@pytest.fixture(scope="module")
def emulated(bench: Bench, request: pytest.FixtureRequest) -> Iterator[EmulatedAdapter]:
    """Yield an adapter at the kernel's virtual USB bus: an FTDI, or the chip that is the parameter.

    It serves all tests of a file, as starting it takes seconds. One that pulls it out has to be the last.
    """
    chip = getattr(request, "param", "ftdi")
    with bench.running("python3", "-c", (GUEST / "usb_adapter.py").read_text(), chip) as process:
        yield EmulatedAdapter(process, chip, bench.shell(FIND_DEVICE).strip())
    bench.shell(WAIT_UNTIL_GONE, EMULATED)


def _find_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
