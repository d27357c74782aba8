"""`serve` as a command: a browser sees the session, changes nothing of it, and the line is recorded once."""

import re
import signal
import subprocess
from pathlib import Path

import aiohttp
import pytest

from tests.cli.helpers import CAPTURE, refused, run
from tests.paths import ROOT
from tests.tools import EVSE_SNIFF

PATIENCE = 60.0


@pytest.mark.slow
async def test_a_browser_looks_at_a_live_session_and_changes_nothing(tmp_path: Path) -> None:
    capture = tmp_path / "a.pcapng"
    words = [*EVSE_SNIFF, "serve", "demo", "--listen", "0", "-o", str(capture)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"recording into {capture}\n"
        found = re.match(r"(http://127\.0\.0\.1:\d+) shows the screen", server.stdout.readline())
        assert found is not None
        async with aiohttp.ClientSession() as browser, browser.ws_connect(f"{found[1]}/ws?width=110") as screen:
            await read_until(screen, "Available")
            for key in (";", "x", "u", "\x13", "?"):
                await screen.send_json(["stdin", key])
            await read_until(screen, "only be looked at")
    finally:
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=PATIENCE)[0]
    assert (server.returncode, said) == (0, "")
    assert list(tmp_path.iterdir()) == [capture]
    assert b"evse-sniff-" not in b"".join(path.name.encode() for path in ROOT.iterdir())
    assert run("dump", "--json", capture).stdout.count(b'"type": "frame"') > 2


async def read_until(screen: aiohttp.ClientWebSocketResponse, text: str) -> None:
    """Read the screen until this text was drawn, whatever stands between its words."""
    shown = ""
    while not re.search(r"\s+".join(text.split()), shown):
        drawn = (await screen.receive_bytes(timeout=PATIENCE)).decode(errors="replace")
        shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", " ", drawn)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["demo", "-o", "a.pcapng.gz"], "screens cannot follow a packed file"),
        ([CAPTURE, "-o", "a.pcapng"], "is a saved session already: leave out -o"),
        (["demo", "--listen", "here"], "here is not an address"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_what_is_wrong(words: list[str | Path], message: str) -> None:
    done = run("serve", *words)
    assert done.returncode == 2
    assert message in done.stderr.decode()


def test_an_address_that_cannot_be_used_is_one_line() -> None:
    assert "the screen cannot be served at 192.0.2.1, port 80" in refused("serve", CAPTURE, "--listen", "192.0.2.1:80")


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "textual_serve.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    assert refused("serve", "demo") == "evse-sniff: serve needs textual-serve: `pip install 'evse-sniff[serve]'`\n"
