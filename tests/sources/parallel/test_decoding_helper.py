"""The process that helps to decode: what it returns, and how it ends."""

import asyncio
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from zlib import crc32

import pytest

from sniffer.base.errors import SourceError
from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.decoded_run import CaptureSection
from sniffer.formats.pcapng.piece_decoder import PieceDecoder
from sniffer.sources.parallel.decoding_helper import DecodingHelper, FilePiece, start_helper
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.paths import ROOT

DEFINITION = packaged_definition()
PATIENCE = 60.0
"""Seconds in which a process has to start or to end."""

HEAD, FIRST, *PACKETS = SHAPES["own.pcapng"](20)
HEAD += FIRST
REST = b"".join(PACKETS)
HALF = len(b"".join(PACKETS[:10])) + 5


def describe() -> CaptureSection:
    """Return the section of the packets."""
    decoder = CaptureDecoder()
    assert len([*decoder.feed(HEAD)]) == 1
    section = decoder.describe_section()
    assert section
    return section


def save(folder: Path, pack: Callable[[bytes], bytes] = bytes) -> Path:
    path = folder / "a.pcapng"
    path.write_bytes(pack(HEAD + REST))
    return path


def piece(start: int, data: bytes) -> FilePiece:
    """Return the piece of these bytes, which begin at `start` of what follows the head."""
    return FilePiece(len(HEAD) + start, len(data), crc32(data))


def expect(data: bytes, definition: Definition = DEFINITION) -> bytes:
    return PieceDecoder(definition, describe()).decode(data)


async def become_ready(helper: DecodingHelper) -> None:
    until = monotonic() + PATIENCE
    while not helper.is_ready:
        assert monotonic() < until
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_it_decodes_as_this_process_does_and_survives_an_interrupt(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    with DecodingHelper(DEFINITION, save(tmp_path, pack)) as helper:
        await become_ready(helper)
        helper.send_section(describe())
        alone = PieceDecoder(DEFINITION, describe())
        for start, data in ((0, REST[:HALF]), (HALF, REST[HALF:])):
            helper.send_piece(piece(start, data))
            assert await helper.receive() == alone.decode(data)
            assert helper._process.pid
            os.kill(helper._process.pid, signal.SIGINT)
            pid = helper._process.pid
    assert has_ended(pid)


async def test_it_decodes_by_the_definition_of_another_board(tmp_path: Path) -> None:
    definition = load_definition(["tuya"])
    with DecodingHelper(definition, save(tmp_path)) as helper:
        await become_ready(helper)
        helper.send_section(describe())
        helper.send_piece(piece(0, REST))
        assert await helper.receive() == expect(REST, definition)


async def test_what_is_not_in_the_file_any_more_is_not_decoded(tmp_path: Path) -> None:
    path = save(tmp_path)
    with DecodingHelper(DEFINITION, path) as helper:
        await become_ready(helper)
        helper.send_section(describe())
        path.write_bytes(HEAD + REST[:-1])
        helper.send_piece(piece(0, REST))
        assert await helper.receive() is None
    with DecodingHelper(DEFINITION, path) as helper:
        await become_ready(helper)
        helper.send_section(describe())
        path.write_bytes(HEAD + bytes(len(REST)))
        helper.send_piece(piece(0, REST))
        assert await helper.receive() is None
    with DecodingHelper(DEFINITION, path) as helper:
        await become_ready(helper)
        helper.send_section(describe())
        path.unlink()
        helper.send_piece(piece(0, REST))
        assert await helper.receive() is None


async def test_its_end_by_somebody_else_is_an_error_of_the_piece(tmp_path: Path) -> None:
    with DecodingHelper(DEFINITION, save(tmp_path)) as helper:
        await become_ready(helper)
        assert helper._process.pid
        os.kill(helper._process.pid, signal.SIGKILL)
        assert has_ended(helper._process.pid)
        with pytest.raises(SourceError, match=r"a\.pcapng: the process that helps to decode it was ended"):
            await helper.receive()
        with pytest.raises(SourceError, match="was ended by something else: is there enough memory"):
            helper.send_piece(piece(0, REST))


@pytest.mark.parametrize("error", [ImportError, NotImplementedError, OSError])
def test_a_system_without_means_for_processes_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("multiprocessing.get_context", fail)
    assert start_helper(DEFINITION, save(tmp_path)) is None


def test_a_process_that_could_not_start_is_never_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with DecodingHelper(DEFINITION, save(tmp_path)) as helper:
        assert helper._process.pid
        os.kill(helper._process.pid, signal.SIGKILL)
        assert has_ended(helper._process.pid)
        # Its end may be seen on the pipe first.
        for is_alive in (True, False):
            monkeypatch.setattr(helper._process, "is_alive", lambda is_alive=is_alive: is_alive)
            assert not helper.is_ready


def test_it_ends_with_a_program_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import time\n"
        "from pathlib import Path\n"
        "from sniffer.core.protocol.loader import packaged_definition\n"
        "from sniffer.sources.parallel.decoding_helper import DecodingHelper\n"
        f"helper = DecodingHelper(packaged_definition(), Path({os.fspath(save(tmp_path))!r}))\n"
        "while not helper.is_ready:\n    time.sleep(0.01)\n"
        "print(helper._process.pid, flush=True)\n"
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
