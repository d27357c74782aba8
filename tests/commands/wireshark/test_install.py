"""`evse-sniff wireshark`: what it prints is a dissector, and what it installs, a tshark without flags finds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError
from sniffer.commands.wireshark.dissector import FIRST_LINE, format_dissector
from sniffer.commands.wireshark.folders import find_extcap_folder, find_plugin_folder
from sniffer.commands.wireshark.install import install_dissector, install_extcap, uninstall
from tests.cli.helpers import refused, run
from tests.commands.wireshark.helpers import Dissection
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import SAMPLE
from tests.tools import EVSE_SNIFF, need

USUAL = Path(".local", "lib", "wireshark", "plugins", "evse-sniff.lua")


def test_the_command_prints_the_dissector_of_the_definition():
    assert run("wireshark").stdout.decode() == format_dissector(DEFINITION)


def test_a_definition_of_the_user_is_in_it(tmp_path):
    mine = tmp_path / "my.toml"
    mine.write_text('[enumeration.status]\nvalues = [{ number = 9, name = "Parked" }]\n')
    assert b"Parked" in run("wireshark", "--definition", mine).stdout


def test_tshark_finds_what_was_installed(home, tmp_path):
    need("tshark")
    done = subprocess.run([*EVSE_SNIFF, "wireshark", "--install"], capture_output=True, text=True, timeout=60)
    path, _ = map(Path, done.stdout.splitlines())
    assert done.returncode == 0
    assert path.read_text("utf-8") == format_dissector(DEFINITION)
    dissection = Dissection(tmp_path).put(SAMPLE)
    faulted = dissection.tshark("-Y", "evse.status == 8", "-T", "fields", "-e", "evse.name", installed=True)
    assert faulted.split("\n")[:-1] == ["status report", "StatusNotification"]


def test_an_older_dissector_of_ours_is_replaced(home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    path = install_dissector(f"{FIRST_LINE}: old\n")
    assert path == home / USUAL
    assert install_dissector(f"{FIRST_LINE}: new\n") == path
    assert path.read_text() == f"{FIRST_LINE}: new\n"


def test_a_file_that_is_not_ours_is_left_alone(home):
    path = find_plugin_folder() / "evse-sniff.lua"
    path.parent.mkdir(parents=True)
    path.write_text("-- mine\n")
    with pytest.raises(OutputError, match="not written by evse-sniff: move it away first"):
        install_dissector(FIRST_LINE)
    assert path.read_text() == "-- mine\n"


def test_a_folder_that_cannot_be_made_is_reported_in_one_line(home):
    (home / ".local").write_text("a file")
    assert "evse-sniff.lua: cannot be read: Not a directory" in refused("wireshark", "--install")


def test_the_extcap_program_runs_this_python_with_the_definition_of_the_user(home, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    path = install_extcap(["my own.toml"])
    assert path == home / ".local" / "lib" / "wireshark" / "extcap" / "evse-sniff"
    assert os.access(path, os.X_OK)
    assert path.read_text().splitlines()[-1] == (
        f"exec {sys.executable} -P -m sniffer.cli.extcap --definition '{tmp_path}/my own.toml' \"$@\""
    )


def test_an_extcap_program_that_is_not_ours_is_left_alone(home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    path = find_extcap_folder() / "evse-sniff"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\necho mine\n")
    for change in (lambda: install_extcap([]), uninstall):
        with pytest.raises(OutputError, match="not written by evse-sniff: move it away first"):
            change()
    assert path.read_text() == "#!/bin/sh\necho mine\n"


def test_both_are_removed_from_the_folders_of_all_versions(home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    new = [install_dissector(f"{FIRST_LINE}\n"), install_extcap([])]
    old = home / ".config" / "wireshark" / "extcap" / "evse-sniff"
    old.parent.mkdir(parents=True)
    old.write_bytes(new[1].read_bytes())
    assert uninstall() == [*new, old]
    assert not [path for path in (*new, old) if path.exists()]
    assert uninstall() == []
