"""Every line of shell in the README and the documentation runs as it is printed.

Ports, other machines and root have stand-ins: pseudo-terminals of the simulated charger, a local server of its bytes,
and programs of the same name that do nothing. Lines that install something have a test of their own.
"""

import gzip
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fleet.mqtt.mosquitto import Mosquitto
from tests.live.helpers import PATIENCE
from tests.live.terminal import Terminal
from tests.paths import CAPTURES, ROOT
from tests.tools import EVSE_SNIFF, need

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "sniffer" / "docs").glob("*.md"))]
INSTALLS = ("python3 -m venv", "pip ", "pipx ", "uv ", ".venv/bin/", "apt")
"""The beginnings of lines that install something; `test_installing` runs those of the README."""

NOTHING = "#!/bin/sh\nexit 0\n"
STAND_INS = {
    "evse-sniff": f'#!/bin/sh\nexec {shlex.join(EVSE_SNIFF)} "$@"\n',
    "sudo": NOTHING,
    "ssh": '#!/bin/sh\n[ "$1" = -N ] && exit 0\nshift\nexec "$@"\n',
    "jq": NOTHING + "cat\n",
    "tshark": NOTHING,
    # The lines that set up a broker need each other: `test_documented_broker` runs them together.
    **dict.fromkeys(("openssl", "mosquitto", "mosquitto_passwd"), NOTHING),
}
BROKER = "mqtts://broker.example:8883"
ENDLESS = re.compile("(record|publish|dump|report|serve) (/dev/|demo)")
"""The text in lines that must be interrupted. Others end by themselves, and would die of a signal while they do."""

LIVE_SECONDS = 8
"""The seconds for which a session without an end is left alone."""

ENDING_SECONDS = 4
"""The most seconds that a session takes to end, until it is interrupted again."""

MY_DEFINITION = "[[error]]\nvendor = 0x100208\nm4 = 7\n"


def lines_of(document: Path) -> list[str]:
    """Return the lines of shell in a document, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


CASES = [
    pytest.param(line, id=f"{document.stem}-{number}")
    for document in DOCUMENTS
    for number, line in enumerate(lines_of(document), 1)
    if not line.startswith(INSTALLS)
]


class Bytes:
    """A server on this machine that sends the simulated charger's bytes to whoever connects."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._connections.append(connection)
            connection.sendall(bytes.fromhex("BBDDDD3206592A596859AD6BBC") * 20)

    def __enter__(self) -> "Bytes":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in (*self._connections, self._server):
            connection.close()


class Charger:
    """`evse-sniff simulate`; `port` is the pseudo-terminal to tap."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*EVSE_SNIFF, "simulate"], stdout=subprocess.PIPE, text=True, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        found = re.search(r"/dev/\S+", self._process.stdout.readline())
        assert found is not None
        self.port = found[0]

    def __enter__(self) -> "Charger":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fill a folder with the files that the lines name: captures, a definition file, raw bytes and the stand-ins."""
    (tmp_path / "captures").symlink_to(CAPTURES)
    (tmp_path / "my.toml").write_text(MY_DEFINITION)
    (tmp_path / "proposals.toml").write_text(MY_DEFINITION)
    (tmp_path / "tap.bin").write_bytes(bytes.fromhex("BBDDDD3206592A596859AD6BBC"))
    log = (CAPTURES / "undervoltage.log").read_bytes()
    for name in ("monday.log", "tuesday.log.gz", "charger.log"):
        (tmp_path / name).write_bytes(log)
    (tmp_path / "night.log.gz").write_bytes(gzip.compress(log))
    parts = {"x.log.2.gz": gzip.compress(log[:700]), "x.log.1": log[700:1400], "x.log": log[1400:]}
    with zipfile.ZipFile(tmp_path / "diagnostics.zip", "w") as archive:
        for name, part in parts.items():
            (tmp_path / name).write_bytes(part)
            archive.writestr(f"logs/{name}", part)
    (tmp_path / "night.pcapng").write_bytes((CAPTURES / "charging.pcapng").read_bytes())
    (tmp_path / "bin").mkdir()
    for name, script in STAND_INS.items():
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


FIRST_PORTS, SECOND_PORTS = ("/dev/ttyUSB0", "/dev/evse-com"), ("/dev/ttyUSB1", "/dev/evse-pwr")
SERVERS = ("localhost:3000", "bench-pi:3000")


@pytest.fixture
def machine(line: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the replacements for the names of ports and other machines that stand in the line."""
    found = {}
    with ExitStack() as stack:
        if BROKER in line:
            address = stack.enter_context(Mosquitto(tmp_path / "broker")).address
            found[BROKER] = address.removesuffix("/benches")
        for names in (FIRST_PORTS, SECOND_PORTS):
            if any(name in line for name in names):
                found |= dict.fromkeys(names, stack.enter_context(Charger()).port)
        if any(name in line for name in SERVERS):
            found |= dict.fromkeys(SERVERS, f"localhost:{stack.enter_context(Bytes()).port}")
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("line", CASES)
def test_the_line_runs_as_printed(line: str, folder: Path, machine: dict[str, str]) -> None:
    need("tmux")
    for name, stand_in in machine.items():
        line = line.replace(name, stand_in)
    if re.search(r"(record|-o) .*night\.pcapng", line):
        (folder / "night.pcapng").unlink()
    if re.search("lake (sql|report)", line):
        words = ["lake", "add", str(CAPTURES / "mains-sag.pcapng"), "--to", str(folder / "lake")]
        subprocess.run([*EVSE_SNIFF, *words], check=True, capture_output=True)
    script = folder / "line.sh"
    script.write_text(
        f"cd {folder}\nunset XDG_CONFIG_HOME XDG_STATE_HOME\n"
        f"export HOME={folder} PATH={folder}/bin:$PATH PYTHONPATH={ROOT}\n{line}\n"
    )
    with Terminal(width=120, height=36, command=f"clear; bash {script}") as terminal:
        _leave(terminal, is_endless=bool(ENDLESS.search(line)))
        # A pseudo-terminal is no USB adapter: the line is understood, and says so.
        expected = "no USB adapter" if "--udev" in line else "status=0"
        assert expected in terminal.screen, terminal.screen
        assert "Traceback" not in terminal.screen


def _leave(terminal: Terminal, *, is_endless: bool) -> None:
    """Wait for the end of the program; leave the screen with `q`, and interrupt a session without an end."""
    began = pressed = time.monotonic()
    while not re.search(r"status=\d", terminal.screen):
        passed = time.monotonic() - began
        assert passed < PATIENCE, terminal.screen
        if terminal.uses_alternate_screen:
            if re.search("traffic|Samples", terminal.screen):
                terminal.press("q")
        elif is_endless and passed > LIVE_SECONDS and time.monotonic() - pressed > ENDING_SECONDS:
            # Once is enough: pressed again while Python ends, it would end by the signal, and the shell with it.
            terminal.press("C-c")
            pressed = time.monotonic()
        time.sleep(0.3)


def test_every_line_of_installing_is_one_that_is_known() -> None:
    known = [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/evse-sniff demo",
        "pipx install .",
        "uv tool install .",
        "pip wheel --wheel-dir wheels .",
        "python3 -m venv bench && bench/bin/pip install --no-index --find-links wheels evse-sniff",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n auto --dist worksteal",
    ]
    assert [line for line in lines_of(ROOT / "README.md") if line.startswith(INSTALLS)] == known


def test_the_readme_is_short_and_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 160
    from sniffer.cli.main import COMMANDS

    assert [name for name in COMMANDS if f"`evse-sniff {name}" not in text] == []


@pytest.mark.parametrize("document", ["README.md", "sniffer/docs/bench.md"])
@pytest.mark.parametrize(
    "phrase",
    [
        "always** use an adapter with mains-rated galvanic isolation",
        "unless the board is known to be isolated",
        "laptop on battery is no isolation",
        "no longer once power is back",
        "qualified persons",
        "prove that it is dead",
        "wait for the discharge",
        "as a rule **3.3 v** ttl. no document says so: measure the idle level",
        "leave open",
    ],
)
def test_the_wiring_says_what_protects_and_what_does_not(document: str, phrase: str) -> None:
    text = " ".join((ROOT / document).read_text("utf-8").lower().split())
    assert phrase.lower().replace("*", "") in text.replace("*", "")
    assert "if in doubt" not in text
    assert "a **3.3 v** ttl type" not in text


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("CI") != "true", reason="installs packages: runs in CI only")
@pytest.mark.timeout(600)
def test_each_documented_way_of_installing_works(tmp_path: Path) -> None:
    """Each way of installing that the README shows ends with a program that knows its version and its documentation."""
    checkout = tmp_path / "checkout"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = tracked.stdout.split("\0")[:-1] if tracked.returncode == 0 else [str(p) for p in _files()]
    for name in names:
        if (ROOT / name).is_file():
            target = checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    tools = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "pipx-bin"),
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "uv-bin"),
    }
    environment.pop("PYTHONPATH", None)
    first, *others, _ = [line for line in lines_of(ROOT / "README.md") if line.startswith(INSTALLS)]
    for line in (first.replace("evse-sniff demo", "evse-sniff --version"), *others):
        done = subprocess.run(["bash", "-c", line], cwd=checkout, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout[-800:]}\n{done.stderr[-800:]}"
    for folder in (checkout / ".venv" / "bin", tmp_path / "pipx-bin", tmp_path / "uv-bin", checkout / "bench" / "bin"):
        shown = subprocess.run([folder / "evse-sniff", "help", "protocol"], capture_output=True, text=True, check=True)
        assert shown.stdout.startswith("# The protocol")


def _files() -> list[Path]:
    """Return the files of a checkout without git."""
    skipped = {".venv", "__pycache__", ".git", ".hypothesis"}
    return [p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.parts)]
