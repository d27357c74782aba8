"""The folders in which the installed Wireshark looks: as tshark names them, or the usual ones."""

from pathlib import Path

import pytest

from sniffer.base import platform
from sniffer.commands.wireshark.folders import find_extcap_folder, find_plugin_folder, list_extcap_folders

LIB = Path(".local", "lib", "wireshark")

VERSION_4_0 = r"""Temp:                	/tmp
Personal configuration:	/home/me/.config/wireshark
Personal Lua Plugins:	/home/me/.local/lib/wireshark/plugins
Extcap path:         	/usr/lib/x86_64-linux-gnu/wireshark/extcap
"""
VERSION_4_2 = r"""Personal configuration:	/home/me/.config/wireshark
Personal Lua Plugins:	/home/me/a folder/plugins
Personal Extcap path:	/home/me/.local/lib/wireshark/extcap
Global Extcap path:	/usr/lib/x86_64-linux-gnu/wireshark/extcap
"""


@pytest.fixture
def tshark(tmp_path, monkeypatch):
    """Return a function that puts a tshark of these lines of shell in place of the installed one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def put(does):
        path = programs / "tshark"
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    return put


def test_version_4_0_looks_for_extcap_programs_beside_its_configuration(home, tshark):
    tshark(f"printf '{VERSION_4_0}'")
    assert find_plugin_folder() == Path("/home/me/.local/lib/wireshark/plugins")
    assert find_extcap_folder() == Path("/home/me/.config/wireshark/extcap")
    assert list_extcap_folders() == [Path("/home/me/.config/wireshark/extcap"), home / LIB / "extcap"]


def test_later_versions_name_a_folder_of_its_own(home, tshark):
    tshark(f"printf '{VERSION_4_2}'")
    assert find_plugin_folder() == Path("/home/me/a folder/plugins")
    assert find_extcap_folder() == Path("/home/me/.local/lib/wireshark/extcap")
    assert list_extcap_folders()[1:] == [Path("/home/me/.config/wireshark/extcap")]


@pytest.mark.parametrize("does", ["exit 1", "echo 'Temp: /tmp'", "printf '\\377'", "echo 'Personal Lua Plugins: '"])
def test_the_folders_are_the_usual_ones_where_tshark_names_none(home, tshark, does):
    tshark(does)
    assert find_plugin_folder() == home / LIB / "plugins"
    assert find_extcap_folder() == home / LIB / "extcap"


def test_the_folders_are_the_usual_ones_without_tshark(home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert find_plugin_folder() == home / LIB / "plugins"
    assert list_extcap_folders() == [home / LIB / "extcap", home / ".config" / "wireshark" / "extcap"]


def test_windows_has_folders_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr(platform, "IS_WINDOWS", True)
    assert find_plugin_folder() == tmp_path / "Wireshark" / "plugins"
    assert find_extcap_folder() == tmp_path / "Wireshark" / "extcap"
