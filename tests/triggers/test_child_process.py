"""A command as a child process: its input, its output, its end and its failures."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sniffer.triggers.child_process import ChildProcess
from tests.waiting import wait_until


def test_it_gets_its_input(tmp_path: Path) -> None:
    copy = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    child = ChildProcess([sys.executable, "-c", copy, str(tmp_path / "copy")], is_shown=False)
    data = b'{"a": "$(touch b)"}\n' * 20_000
    assert child.run(data) == ""
    assert (tmp_path / "copy").read_bytes() == data


def test_input_that_it_does_not_read_is_no_failure() -> None:
    assert ChildProcess(["true"], is_shown=False).run(b"x" * 1_000_000) == ""


def test_words_are_no_line_of_shell(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert ChildProcess(["true", ";", "touch", str(file), ">", str(file)], is_shown=False).run(b"") == ""
    assert not file.exists()
    assert ChildProcess(f"true; touch {file}", is_shown=False).run(b"") == ""
    assert file.exists()


@pytest.mark.parametrize(
    ("command", "failure"),
    [
        (["false"], "ended with status 1"),
        ("exit 7", "ended with status 7"),
        ("kill -9 $$", "was ended by SIGKILL"),
        (["/nothing/here"], "cannot be started: No such file or directory"),
        (["true", "\0"], "cannot be started: embedded null byte"),
        (["/"], "cannot be started: Permission denied"),
    ],
)
def test_a_failure_is_named(command, failure: str) -> None:
    assert ChildProcess(command, is_shown=False).run(b"") == failure


@pytest.mark.parametrize(("is_shown", "stderr"), [(True, "out\nerr\n"), (False, "")])
def test_output_goes_to_standard_error_or_nowhere(is_shown: bool, stderr: str) -> None:
    code = (
        "from sniffer.triggers.child_process import ChildProcess\n"
        f"ChildProcess('echo out; echo err >&2', is_shown={is_shown}).run(b'')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", stderr)


class Running:
    """A command that runs in a thread, with its children."""

    def __init__(self, command: str, folder: Path) -> None:
        self.child = ChildProcess(command, is_shown=False)
        self.failures: list[str] = []
        self._thread = threading.Thread(target=lambda: self.failures.append(self.child.run(b"")))
        self._thread.start()
        wait_until((folder / "begun").exists)

    def ends(self) -> bool:
        self._thread.join(30)
        return not self._thread.is_alive()


def test_it_is_asked_to_end_and_then_ended_with_its_children(tmp_path: Path) -> None:
    running = Running(
        f"trap 'touch {tmp_path}/asked' TERM; touch {tmp_path}/begun; while :; do sleep 0.1; done", tmp_path
    )
    running.child.terminate()
    wait_until((tmp_path / "asked").exists)
    running.child.kill()
    assert running.ends()
    assert running.failures == ["was still running at the end of the session, and was ended"]


def test_children_of_the_command_end_with_it(tmp_path: Path) -> None:
    running = Running(f"sleep 1000 & echo $! > {tmp_path}/pid; touch {tmp_path}/begun; wait", tmp_path)
    running.child.kill()
    assert running.ends()
    state = Path(f"/proc/{int((tmp_path / 'pid').read_text())}/stat")
    wait_until(lambda: not state.exists() or state.read_text().split()[2] == "Z")


def test_to_end_what_does_not_run_is_no_error() -> None:
    child = ChildProcess(["true"], is_shown=False)
    child.terminate()
    child.kill()
