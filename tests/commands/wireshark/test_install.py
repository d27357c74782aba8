"""`evse-sniff wireshark`: what it prints is a dissector, and what it installs, a tshark without flags finds."""

import subprocess
from pathlib import Path

import pytest

from sniffer.base import platform
from sniffer.base.errors import OutputError
from sniffer.commands.wireshark import install as installing
from sniffer.commands.wireshark.dissector import FIRST_LINE, format_dissector
from tests.cli.helpers import refused, run
from tests.commands.wireshark.helpers import Desk
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import SAMPLE
from tests.tools import EVSE_SNIFF, need

USUAL = Path(".local", "lib", "wireshark", "plugins", "evse-sniff.lua")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def test_the_command_prints_the_dissector_of_the_definition():
    assert run("wireshark").stdout.decode() == format_dissector(DEFINITION)


def test_a_definition_of_the_user_is_in_it(tmp_path):
    mine = tmp_path / "my.toml"
    mine.write_text('[enumeration.status]\nvalues = [{ number = 9, name = "Parked" }]\n')
    assert b"Parked" in run("wireshark", "--definition", mine).stdout


def test_tshark_finds_what_was_installed(home, tmp_path):
    need("tshark")
    done = subprocess.run([*EVSE_SNIFF, "wireshark", "--install"], capture_output=True, text=True, timeout=60)
    path = Path(done.stdout.strip())
    assert done.returncode == 0
    assert path.read_text("utf-8") == format_dissector(DEFINITION)
    desk = Desk(tmp_path).put(SAMPLE)
    faulted = desk.tshark("-Y", "evse.status == 8", "-T", "fields", "-e", "evse.name", installed=True)
    assert faulted.split("\n")[:-1] == ["status report", "StatusNotification"]


def test_an_older_dissector_of_ours_is_replaced(home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    path = installing.install(f"{FIRST_LINE}: old\n")
    assert path == home / USUAL
    assert installing.install(f"{FIRST_LINE}: new\n") == path
    assert path.read_text() == f"{FIRST_LINE}: new\n"


def test_a_file_that_is_not_ours_is_left_alone(home):
    path = installing.find_plugin_folder() / "evse-sniff.lua"
    path.parent.mkdir(parents=True)
    path.write_text("-- mine\n")
    with pytest.raises(OutputError, match="not written by evse-sniff: move it away first"):
        installing.install(FIRST_LINE)
    assert path.read_text() == "-- mine\n"


def test_a_folder_that_cannot_be_made_is_reported_in_one_line(home):
    (home / ".local").write_text("a file")
    assert "evse-sniff.lua: cannot be read: Not a directory" in refused("wireshark", "--install")


def test_the_folder_is_where_tshark_says(home, tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    tshark = programs / "tshark"
    tshark.write_text("#!/bin/sh\nprintf 'Temp:\\t/tmp\\nPersonal Lua Plugins: \\t/a folder/lua\\n'\n")
    tshark.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    assert installing.find_plugin_folder() == Path("/a folder/lua")


@pytest.mark.parametrize("does", ["exit 1", "echo 'Temp: /tmp'", "printf '\\377'"])
def test_the_folder_is_the_usual_one_where_tshark_does_not_tell(home, tmp_path, monkeypatch, does):
    programs = tmp_path / "bin"
    programs.mkdir()
    tshark = programs / "tshark"
    tshark.write_text(f"#!/bin/sh\n{does}\n")
    tshark.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    assert installing.find_plugin_folder() == home / USUAL.parent


def test_windows_has_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr(platform, "IS_WINDOWS", True)
    assert installing.find_plugin_folder() == tmp_path / "Wireshark" / "plugins"
