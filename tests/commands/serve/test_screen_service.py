"""The program of one browser: it is started without a shell, and ends with its browser even if it does not want to."""

import sys
from pathlib import Path

import pytest

from sniffer.commands.serve import screen_service
from sniffer.commands.serve.screen_service import ScreenService
from tests.waiting import until

DEAF = """
import sys, time
sys.stdout.buffer.write(b"__GANGLION__\\nD\\0\\0\\0\\1x")
sys.stdout.buffer.flush()
time.sleep(600)
"""


async def start(words: list[str]) -> tuple[ScreenService, list[bytes]]:
    sent: list[bytes] = []

    async def write(data: bytes) -> None:
        sent.append(data)

    async def ignore(*_: object) -> None:
        """Nobody listens."""

    service = ScreenService(words, write, ignore, ignore)
    await service.start(80, 24)
    return service, sent


async def test_a_program_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_service, "END_TIMEOUT", 0.1)
    service, sent = await start([sys.executable, "-c", DEAF])
    process = service._process
    assert process is not None
    await until(lambda: sent)
    await service.stop()
    await service.stop()
    assert process.returncode == -9


async def test_no_shell_reads_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    service, _ = await start([sys.executable, "-c", "pass", "; touch pwned", "$(touch pwned)"])
    await service.stop()
    assert list(tmp_path.iterdir()) == []
