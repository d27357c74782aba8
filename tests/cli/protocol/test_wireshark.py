"""`evse-sniff wireshark` as a command."""

from pathlib import Path

import pytest

from sniffer.cli.main import main
from sniffer.commands.wireshark import install
from sniffer.commands.wireshark.dissector import FIRST_LINE, format_dissector
from sniffer.core.protocol.loader import packaged_definition


def test_the_dissector_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wireshark"]) == 0
    assert capsys.readouterr().out == format_dissector(packaged_definition())


def test_both_are_installed_and_removed_and_their_paths_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = tmp_path / "plugins", tmp_path / "extcap"
    monkeypatch.setattr(install, "find_plugin_folder", lambda: folders[0])
    monkeypatch.setattr(install, "find_extcap_folder", lambda: folders[1])
    monkeypatch.setattr(install, "list_extcap_folders", lambda: [folders[1]])
    assert main(["wireshark", "--install"]) == 0
    dissector, extcap = (path for folder in folders for path in folder.iterdir())
    assert capsys.readouterr().out == f"{dissector}\n{extcap}\n"
    assert dissector.read_text("utf-8").startswith(FIRST_LINE)
    assert main(["wireshark", "--uninstall"]) == 0
    assert capsys.readouterr().out == f"{dissector}\n{extcap}\n"
    assert not [path for folder in folders for path in folder.iterdir()]


def test_a_definition_of_the_user_is_part_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "my.toml").write_text('[[error]]\nvendor = 0x100240\nmeaning = "Fan blocked"\n')
    assert main(["wireshark", "--definition", str(tmp_path / "my.toml")]) == 0
    assert "Fan blocked" in capsys.readouterr().out
