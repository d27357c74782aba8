"""The script in Wireshark's extcap folder: quoting, and the form for Windows."""

import subprocess

from sniffer.base import platform
from sniffer.commands.wireshark.extcap_script import FIRST_LINE, FIRST_LINE_ON_WINDOWS, format_script, script_name


def test_paths_with_spaces_and_quotes_and_the_words_of_wireshark_arrive_whole(tmp_path):
    python = tmp_path / "it's a folder" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n')
    python.chmod(0o755)
    script = tmp_path / script_name()
    script.write_text(format_script(str(python), ["/my $HOME.toml"]))
    script.chmod(0o755)
    done = subprocess.run([script, "--fifo", "/tmp/a b"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        *("-P", "-m", "sniffer.cli.extcap", "--definition", "/my $HOME.toml", "--fifo", "/tmp/a b"),
    ]
    assert script.read_text().startswith(FIRST_LINE)


def test_windows_has_a_batch_file(monkeypatch):
    monkeypatch.setattr(platform, "IS_WINDOWS", True)
    assert script_name() == "evse-sniff.bat"
    first, line, rest = format_script(r"C:\my python\python.exe", [r"C:\100%.toml"]).split("\r\n")
    assert first.startswith(FIRST_LINE_ON_WINDOWS)
    assert line == r'@"C:\my python\python.exe" "-P" "-m" "sniffer.cli.extcap" "--definition" "C:\100%%.toml" %*'
    assert rest == ""
