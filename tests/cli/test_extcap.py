"""The program that Wireshark runs: its answers, its errors as one line, and how soon it answers."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sniffer.cli.extcap import main
from sniffer.formats.pcapng.reader import CaptureReader

EXTCAP = [sys.executable, "-P", "-m", "sniffer.cli.extcap"]
OUR = ["--extcap-interface", "evse-sniff"]

MOST_STARTS = 12
"""The most that the list of interfaces may take, as a multiple of an empty Python program."""


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(words) == 0
    return capsys.readouterr().out.splitlines()


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the one line on standard error of a call that must fail."""
    assert main(words) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("evse-sniff: ")
    assert printed.err.count("\n") == 1
    return printed.err


def test_the_questions_of_wireshark_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "--extcap-interfaces", "--extcap-version=4.0")[1].startswith("interface {value=evse-sniff}")
    assert answer(capsys, "--extcap-dlts", *OUR)[0].startswith("dlt {number=250}")
    assert answer(capsys, "--extcap-config", *OUR)[0].startswith("arg {number=0}{call=--port}")
    chosen = ["--port", "/dev/ttyUSB0", "--baud", "auto"]
    assert answer(capsys, "--extcap-config", *OUR, "--extcap-reload-option", "port", *chosen)[-1].startswith(
        "value {arg=0}"
    )


def test_options_of_a_later_wireshark_are_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "--extcap-interfaces", "--extcap-later=1")


def test_the_rate_of_the_settings_is_the_initial_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "evse-sniff").mkdir()
    (tmp_path / "evse-sniff" / "settings.toml").write_text("baud = 9600\n")
    assert any("{default=9600}" in sentence for sentence in answer(capsys, "--extcap-config", *OUR))


@pytest.mark.parametrize("question", ["--extcap-dlts", "--extcap-config"])
def test_another_interface_is_refused(capsys: pytest.CaptureFixture[str], question: str) -> None:
    assert "no such interface" in complaint(capsys, question, "--extcap-interface", "eth0")


def test_a_capture_needs_its_pipe(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "--capture needs --fifo" in complaint(capsys, "--capture", *OUR)
    assert "no such pipe" in complaint(capsys, "--capture", *OUR, "--fifo", str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "no port was chosen"),
        (["--port", "none", "--second-port", "", "--address", ""], "no port was chosen"),
        (["--port", "/dev/none"], "/dev/none: no such port"),
        (["--address", "-"], "no standard input"),
        (["--address", "socket://nothing"], "this is no address"),
        (["--port", "demo", "--baud", "fast"], "fast: no baud rate"),
        (["--port", "demo", "--baud", "-1"], "-1: no baud rate"),
        (["--port", "demo", "--definition", "/none.toml"], "/none.toml"),
    ],
)
def test_what_cannot_be_captured_is_one_line_and_an_empty_capture(
    tmp_path: Path, words: list[str], expected: str
) -> None:
    path, received = tmp_path / "pipe", bytearray()
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: received.extend(path.read_bytes()))
    reader.start()
    done = subprocess.run([*EXTCAP, "--capture", *OUR, "--fifo", path, *words], capture_output=True, text=True)
    reader.join()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("evse-sniff: ")
    assert done.stderr.count("\n") == 1
    assert expected in done.stderr
    assert list(CaptureReader().feed(bytes(received))) == []
    assert received


def test_wireshark_does_not_wait_for_the_list_of_interfaces() -> None:
    def measure(command: list[str]) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - begun)
        return min(times)

    assert measure([*EXTCAP, "--extcap-interfaces"]) < MOST_STARTS * measure([sys.executable, "-c", "pass"])


def test_the_list_of_interfaces_needs_neither_the_core_nor_the_ports() -> None:
    program = "import sys; sys.argv[1:] = ['--extcap-interfaces']; from sniffer.cli.extcap import main; main()"
    check = "; print(sorted(name for name in sys.modules if name.split('.')[0] in ('serial', 'asyncio', 'msgspec')))"
    done = subprocess.run([sys.executable, "-c", program + check], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
