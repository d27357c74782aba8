"""`--exec` and `--exit-on` as people run them."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import CAPTURE, objects, run

FAULTED = "status == Faulted"


def copying(path: Path) -> str:
    """Return a command that adds its input to a file."""
    code = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
    return shlex.join([sys.executable, "-c", code, str(path)])


@pytest.mark.parametrize("command", ["dump", "record"])
def test_exec_gives_the_record_to_the_command(tmp_path: Path, command: str) -> None:
    output: list[str | Path] = ["-o", tmp_path / "a.pcapng"] if command == "record" else []
    done = run(command, CAPTURE, *output, "--exec", FAULTED, copying(tmp_path / "given"))
    assert done.returncode == 0
    (given,) = map(json.loads, (tmp_path / "given").read_text().splitlines())
    printed = objects(run("dump", "--json", CAPTURE, "--filter", "number == 13"))
    assert given == printed[0] | {"events": printed[1:], "trigger": FAULTED, "skipped": 0}
    assert done.stderr.decode() == (
        f"evse-sniff: --exec '{FAULTED}': 1 start; 2 matches skipped (one at a time, at most one start in 5 s)\n"
    )


def test_several_commands_have_a_limit_each(tmp_path: Path) -> None:
    words = ["--exec", FAULTED, copying(tmp_path / "a"), "--exec", "event == boot", copying(tmp_path / "b")]
    assert run("dump", CAPTURE, *words).returncode == 0
    assert [json.loads((tmp_path / name).read_text())["number"] for name in "ab"] == [13, 3]


def test_what_the_command_prints_is_not_in_the_lines(tmp_path: Path) -> None:
    done = run("dump", "--json", CAPTURE, "--filter", "noise", "--exec", FAULTED, "echo printed")
    assert done.stdout == b""
    assert b"printed\n" in done.stderr


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    run("dump", CAPTURE, "--filter", "noise", "--exec", FAULTED, f"echo $(touch {tmp_path}/a); touch {tmp_path}/a")
    assert list(tmp_path.iterdir()) == []
    run("dump", CAPTURE, "--filter", "noise", "--exec", FAULTED, f"true; touch {tmp_path}/a", "--exec-shell")
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-command x", "no-such-command x: there is no such command"),
        ("echo 'a", "No closing quotation"),
        ("", "the command is empty: name the program to run"),
        ("''", "there is no such command"),
        ("\x1b[31m", "\\x1b[31m: there is no such command"),
    ],
)
def test_a_command_that_cannot_be_run_is_wrong_usage(command: str, reason: str) -> None:
    done = run("dump", "nothing.log", "--exec", FAULTED, command)
    assert (done.returncode, done.stdout) == (2, b"")
    assert reason in done.stderr.decode().splitlines()[-1]


def test_a_failure_of_the_command_changes_nothing_else() -> None:
    done = run("dump", CAPTURE, "--exec", FAULTED, "false")
    assert (done.returncode, done.stdout) == (0, run("dump", CAPTURE).stdout)
    failure, summary = done.stderr.decode().splitlines()
    assert failure == (
        f"evse-sniff: --exec '{FAULTED}': the command ended with status 1; later failures are only counted"
    )
    assert summary.startswith(f"evse-sniff: --exec '{FAULTED}': 1 start (1 failed); 2 matches skipped ")


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_exit_on_ends_with_the_record_that_matches(words: list[str]) -> None:
    done, whole = (run("dump", CAPTURE, *words, *more) for more in (["--exit-on", FAULTED], []))
    assert done.returncode == 3
    assert whole.stdout.startswith(done.stdout)
    rest = whole.stdout[len(done.stdout) :].decode().split("\n")[0]
    assert "fault raised" in done.stdout.decode() or "fault_raised" in done.stdout.decode()
    assert (json.loads(rest)["number"] if words else int(rest.split()[0])) == 14


def test_exit_on_prints_its_record_whatever_the_filter_is() -> None:
    done = run("dump", "--json", CAPTURE, "--filter", "event == boot", "--exit-on", FAULTED)
    assert [found["number"] for found in objects(done)] == [3, 3, 3, 13, 13, 13]
    assert done.returncode == 3


def test_exit_on_that_never_comes_true_is_no_failure() -> None:
    done = run("dump", CAPTURE, "--exit-on", "noise")
    assert (done.returncode, done.stdout) == (0, run("dump", CAPTURE).stdout)


def test_exit_on_ends_a_session_that_has_no_end() -> None:
    done = run("dump", "--json", "demo:undervoltage", "--exit-on", "name ~ status")
    assert done.returncode == 3
    assert "status report" in [found.get("name") for found in objects(done)][-10:]


def test_a_recording_that_failed_outranks_the_condition(tmp_path: Path) -> None:
    done = run("dump", CAPTURE, "--exit-on", FAULTED, "-o", tmp_path / "a.pcapng")
    assert done.returncode == 3
    assert (tmp_path / "a.pcapng").stat().st_size
    assert run("dump", CAPTURE, "--exit-on", FAULTED, "-o", tmp_path / "a.pcapng").returncode == 1
