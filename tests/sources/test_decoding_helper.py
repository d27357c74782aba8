"""The process that helps to decode: what it returns, and how it ends."""

import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from time import monotonic, sleep

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.batch_decoder import BatchDecoder
from sniffer.formats.pcapng.block_cutter import Blocks
from sniffer.formats.pcapng.packet_batch import PacketBatch
from sniffer.sources import decoding_helper
from sniffer.sources.decoding_helper import DecodingHelper, start_helper
from tests.benchmarks.capture_shapes import SHAPES
from tests.paths import ROOT

DEFINITION = packaged_definition()
PATIENCE = 60.0
"""Seconds in which a process has to start or to end."""


def create_batch() -> PacketBatch:
    """Return a batch of a capture."""
    head, first, *packets = SHAPES["own.pcapng"](20)
    decoder = CaptureDecoder()
    assert len([*decoder.feed(head + first)]) == 1
    batch = decoder.create_batch(Blocks(b"".join(packets), "<"))
    assert batch
    return batch


async def test_it_decodes_as_this_process_does_and_survives_an_interrupt() -> None:
    batch = create_batch()
    with DecodingHelper(DEFINITION) as helper:
        (pid,) = helper._executor._processes
        assert await helper.decode(batch) == BatchDecoder(DEFINITION).decode(batch)
        assert helper.is_ready
        os.kill(pid, signal.SIGINT)
        assert await helper.decode(batch) == BatchDecoder(DEFINITION).decode(batch)
    assert has_ended(pid)


async def test_it_decodes_by_the_definition_of_another_board() -> None:
    batch, definition = create_batch(), load_definition(["tuya"])
    with DecodingHelper(definition) as helper:
        assert await helper.decode(batch) == BatchDecoder(definition).decode(batch)


async def test_its_end_by_somebody_else_is_an_error_of_the_batch() -> None:
    with DecodingHelper(DEFINITION) as helper:
        (pid,) = helper._executor._processes
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            await helper.decode(create_batch())


@pytest.mark.parametrize("error", [ImportError, NotImplementedError, OSError])
def test_a_system_without_means_for_processes_has_none(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(decoding_helper, "ProcessPoolExecutor", fail)
    assert start_helper(DEFINITION) is None


async def test_a_process_that_cannot_start_is_never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    with DecodingHelper(None) as helper:  # type: ignore[arg-type]
        with pytest.raises(BrokenProcessPool):
            helper._started.result()
        assert not helper.is_ready


def test_it_ends_with_a_program_that_is_killed() -> None:
    program = (
        "import time\n"
        "from sniffer.core.protocol.loader import packaged_definition\n"
        "from sniffer.sources.decoding_helper import DecodingHelper\n"
        "helper = DecodingHelper(packaged_definition())\n"
        "helper._started.result()\n"
        "print(*helper._executor._processes, flush=True)\n"
        "time.sleep(100)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.kill()
    assert has_ended(pid)


def has_ended(pid: int) -> bool:
    """Return True as soon as a process has ended, False if it does not."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rpartition(")")[2].split()[0] == "Z":
                return True
        sleep(0.02)
    return False
