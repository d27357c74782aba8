"""The settings of a command: what is wrong with them is printed once."""

from pathlib import Path

import pytest

from sniffer.cli.setup.command_settings import read_settings


def test_a_complaint_is_printed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "evse-sniff").mkdir()
    (tmp_path / "evse-sniff" / "settings.toml").write_text("baud = 'fast'\n")
    assert [read_settings().baud, read_settings().baud] == [None, None]
    assert capsys.readouterr().err.count("baud must be a rate") == 1
