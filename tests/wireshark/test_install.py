"""The dissector is put where a real Wireshark finds it by itself."""

import subprocess
from pathlib import Path

import pytest

from sniffer.errors import OutputError
from sniffer.protocol.loader import packaged_definition
from sniffer.wireshark.dissector import dissector
from sniffer.wireshark.install import install, plugins_folder
from tests.sample_sessions import FOLDER
from tests.tools import EVSE_SNIFF, need


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_tshark_takes_it_without_being_told(home: Path) -> None:
    tshark = need("tshark")
    done = subprocess.run([*EVSE_SNIFF, "wireshark", "--install"], check=True, capture_output=True, text=True)
    assert str(home) in done.stdout
    words = ["-r", str(FOLDER / "mains-sag.pcapng"), "-Y", "evse.status == 8", "-T", "fields", "-e", "evse.name"]
    told = subprocess.run([tshark, *words], check=True, capture_output=True, text=True)
    assert set(told.stdout.split("\n")) == {"status report", ""}


def test_ours_is_replaced_and_another_is_not(home: Path) -> None:
    text = dissector(packaged_definition())
    path = install(text)
    assert install(text) == path
    path.write_text("-- mine\n")
    with pytest.raises(OutputError, match="another dissector"):
        install(text)
    assert path.read_text() == "-- mine\n"


def test_without_wireshark_the_documented_folder_is_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert plugins_folder() == home / ".local" / "lib" / "wireshark" / "plugins"


def test_it_is_printed(home: Path) -> None:
    told = subprocess.run([*EVSE_SNIFF, "wireshark"], check=True, capture_output=True, text=True).stdout
    assert told == dissector(packaged_definition())
