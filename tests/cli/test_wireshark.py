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


def test_the_dissector_is_installed_and_its_path_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "find_plugin_folder", lambda: tmp_path)
    assert main(["wireshark", "--install"]) == 0
    (path,) = tmp_path.iterdir()
    assert capsys.readouterr().out == f"{path}\n"
    assert path.read_text("utf-8").startswith(FIRST_LINE)


def test_a_definition_of_the_user_is_part_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "my.toml").write_text('[[error]]\nvendor = 0x100240\nmeaning = "Fan blocked"\n')
    assert main(["wireshark", "--definition", str(tmp_path / "my.toml")]) == 0
    assert "Fan blocked" in capsys.readouterr().out
