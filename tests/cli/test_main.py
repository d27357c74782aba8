"""The command as people and scripts run it: exit statuses, help, and one clear line for a source that cannot be
used.
"""

import grp
import os
import subprocess
import sys

import pytest

from sniffer._version import __version__
from sniffer.base.errors import CutOffError, ExplainError, OutputError, SourceError
from sniffer.base.native import describe_form
from sniffer.cli.main import COMMANDS, main
from sniffer.cli.sessions import dump, watch
from tests.cli.helpers import CAPTURE, STREAM, refused, run, start_and_run
from tests.tools import EVSE_SNIFF, need

main_module = sys.modules["sniffer.cli.main"]


class TestBadInput:
    def test_a_missing_port_is_named_with_those_that_are_here(self):
        text = refused("dump", "/dev/ttyUSB99")
        assert "no such port" in text
        assert "Ports here:" in text

    def test_a_missing_file_is_refused(self):
        assert "no such file" in refused("dump", "nothing.log")

    @pytest.mark.parametrize(
        ("words", "meant"), [(["reprot", "x"], "report"), (["dmup"], "dump"), (["dmeo"], "demo"), (["Halp"], "help")]
    )
    def test_a_mistyped_command_is_suggested(self, words, meant):
        assert f": no such command, file or port: did you mean `evse-sniff {meant}`?" in refused(*words)

    def test_a_word_that_resembles_none_leads_to_the_list_of_commands(self):
        hint = "`evse-sniff --help` lists the commands, `evse-sniff ports` the ports"
        assert f"xyzzy: no such command, file or port: {hint}" in refused("xyzzy")

    def test_a_file_whose_name_resembles_a_command_is_shown(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "reprot").touch()
        assert "the file is empty" in refused("reprot")

    def test_a_mistyped_scenario_is_suggested(self):
        assert "did you mean undervoltage?" in refused("dump", "demo:undervoltag")

    def test_a_folder_without_files(self, tmp_path):
        assert "there is no file in it" in refused("dump", tmp_path)

    def test_an_empty_file_is_refused(self, tmp_path):
        (tmp_path / "empty.log").touch()
        assert "the file is empty" in refused("dump", tmp_path / "empty.log")

    def test_a_device_that_is_no_serial_port(self):
        assert "not a serial port" in refused("dump", "/dev/null")

    def test_binary_data_called_log(self, tmp_path):
        (tmp_path / "tap.log").write_bytes(STREAM)
        text = refused("dump", tmp_path / "tap.log")
        assert "binary data" in text
        assert ".bin" in text

    def test_a_baud_rate_that_no_adapter_takes(self):
        main, port = os.openpty()
        try:
            assert "the adapter refuses 99999999999 baud" in refused("dump", os.ttyname(port), "--baud", "99999999999")
        finally:
            os.close(main)
            os.close(port)

    def test_a_port_without_permission_says_which_group_mends_it(self):
        main, port = os.openpty()
        name = os.ttyname(port)
        os.chmod(name, 0o060)
        if os.getuid() == 0:
            os.chown(name, -1, grp.getgrnam("dialout").gr_gid)
        group = grp.getgrgid(os.stat(name).st_gid).gr_name
        # What root may do in spite of a file's mode is a capability, and can be given up.
        powerless = [need("setpriv"), "--inh-caps=-all", "--bounding-set=-all"] if os.getuid() == 0 else []
        try:
            done = subprocess.run([*powerless, *EVSE_SNIFF, "dump", name], capture_output=True, text=True, timeout=60)
        finally:
            os.close(main)
            os.close(port)
        assert done.returncode == 1
        assert f"no permission: it is for group {group}" in done.stderr
        assert f"usermod -aG {group}" in done.stderr
        assert "`evse-sniff doctor` says how to install the rules" in done.stderr
        assert done.stderr.count("\n") == 1

    def test_a_tap_of_another_kind(self):
        assert "no such kind of tap" in refused("dump", "ftp://localhost:4000")

    def test_an_unknown_scenario_is_refused_with_the_known_ones(self):
        assert "charging" in refused("dump", "demo:party")

    @pytest.mark.parametrize(
        "words",
        [
            ["dump"],
            ["dump", "demo", "--baud", "0"],
            ["dump", "demo", "--baud", "fast"],
            ["explain"],
            ["simulate", "--scenario", "party"],
            ["dump", "demo", "--\x1b[31mred"],
        ],
    )
    def test_wrong_usage_has_its_own_status(self, words):
        done = run(*words)
        assert done.returncode == 2
        assert done.stderr.startswith(f"evse-sniff {words[0]}: ".encode())
        assert done.stderr.count(b"\n") == 1
        assert b"\x1b" not in done.stderr

    def test_a_source_cannot_be_chosen_without_a_terminal(self):
        done = run()
        assert done.returncode == 2
        assert b"usage: evse-sniff SOURCE" in done.stderr


class TestHelp:
    def test_help_and_version_load_nothing_heavy(self):
        for words in (["--help"], ["--version"], ["dump", "--help"], ["learn", "--help"]):
            code = f"import sys, sniffer.cli\ntry: sniffer.cli.main({words})\nexcept SystemExit: print(*sys.modules)"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
            loaded = set(done.stdout.splitlines()[-1].split())
            assert "sniffer.cli" in loaded
            assert loaded.isdisjoint(
                {"asyncio", "textual", "serial", "crcmod", "tomlkit", "tomllib", "tomli", "msgspec", "sniffer.wire"}
            )

    def test_the_version_names_the_form_of_the_core(self):
        assert run("--version").stdout.decode() == f"evse-sniff {__version__} ({describe_form()})\n"

    def test_the_help_lists_every_command(self):
        text = run("--help").stdout.decode()
        assert [name for name in COMMANDS if f"\n  {name} " not in text] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_has_a_help_of_its_own(self, name, capsys):
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: evse-sniff {name} ")


class UnexpectedError(Exception):
    """An error that no command raises."""


class TestExitStatus:
    """The exit status of each way in which a command can end."""

    @pytest.fixture
    def command(self, monkeypatch):
        """Return a function that makes the command `dump` end in a given way."""

        def end_by(error):
            def run_command(words):
                raise error

            monkeypatch.setattr(dump, "run", run_command)

        return end_by

    @pytest.mark.parametrize(
        ("error", "status", "message"),
        [
            (ExplainError("no code"), 2, "evse-sniff: no code\n"),
            (CutOffError("cut off"), 0, "evse-sniff: cut off\n"),
            (SourceError("no file"), 1, "evse-sniff: no file\n"),
            (KeyboardInterrupt(), 0, ""),
        ],
    )
    def test_an_error_has_its_status_and_its_line(self, command, capsys, error, status, message):
        command(error)
        assert main(["dump", "demo"]) == status
        assert capsys.readouterr().err == message

    @pytest.mark.parametrize(("error", "status"), [(BrokenPipeError(), 0), (OutputError("full"), 1)])
    def test_output_that_fails_is_given_up(self, command, monkeypatch, error, status):
        given_up = []
        monkeypatch.setattr(main_module, "discard_output", lambda: given_up.append(True))
        command(error)
        assert main(["dump", "demo"]) == status
        assert given_up == [True]

    def test_an_error_of_ours_is_not_hidden(self, command):
        command(UnexpectedError())
        with pytest.raises(UnexpectedError):
            main(["dump", "demo"])

    def test_the_status_of_the_command_is_returned_and_its_words_are_handed_on(self, monkeypatch):
        received = []

        def returns(status):
            def run_command(words):
                received.append(words)
                return status

            return run_command

        monkeypatch.setattr(dump, "run", returns(4))
        monkeypatch.setattr(watch, "run", returns(5))
        assert main(["dump", "demo", "--json"]) == 4
        assert main(["demo"]) == 5
        assert main([]) == 5
        assert received == [["demo", "--json"], ["demo"], []]

    def test_the_words_of_the_process_are_the_default(self, monkeypatch):
        monkeypatch.setattr("sys.argv", ["evse-sniff", "dump", "x"])
        monkeypatch.setattr(dump, "run", lambda words: len(words))
        assert main() == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["dump", CAPTURE],
        ["dump", "-", "--filter", "command 0x7E"],
        ["dump"],
        ["explain", "no such word"],
    ],
)
def test_a_forked_command_does_what_a_started_one_does(words):
    forked, started = (start(*words, stdin=STREAM) for start in (run, start_and_run))
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


@pytest.mark.parametrize("words", [["status"], ["report"], ["dump"], ["dump", "--json"]], ids=" ".join)
def test_a_file_without_anything_that_is_read_is_refused_and_not_judged(words, tmp_path):
    path = tmp_path / "other.jsonl"
    path.write_text('{"a": 1}\n')
    done = run(*words, path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert (
        done.stderr.decode() == f"evse-sniff: {path}: no line of it is one of `dump --json` (line 1: it has no type)\n"
    )
