"""The set-up of a session: idle time, options of files, and recorder."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_source
from sniffer.cli.setup.session_setup import (
    baud_of,
    file_options_of,
    idle_of,
    recorder_for,
)
from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.formats.recorded_with import RecordedWith
from sniffer.recording import recorder
from sniffer.recording.destination import RecordingFolder, SingleFile
from sniffer.session import IDLE_SECONDS
from sniffer.sources.open import LineOptions, open_source
from tests.paths import CAPTURES


@pytest.mark.parametrize(
    ("follow", "idle", "seconds"),
    [(False, None, IDLE_SECONDS), (False, 0.5, 0.5), (True, None, None), (True, 0.5, None)],
)
def test_silence_ends_a_frame_unless_a_file_is_followed(
    follow: bool, idle: float | None, seconds: float | None
) -> None:
    assert idle_of(argparse.Namespace(follow=follow, idle=idle)) == seconds


def test_what_a_capture_in_a_pipe_needs_is_shown_unless_it_is_given() -> None:
    options, shown = argparse.Namespace(dlt=(), join=False), list[str]()
    jbd = load_definition(["jbd"])
    recorded = RecordedWith("-", jbd.origins, is_own=True)
    for definition in (jbd, load_definition([])):
        on_recorded = file_options_of(options, definition, shown.append).on_recorded
        assert on_recorded
        on_recorded(recorded)
    assert shown == [
        "evse-sniff: - was recorded with the definition jbd: without it, its frames may be noise: give --definition jbd"
    ]
    assert file_options_of(options, jbd).on_recorded is None


class TestRecorder:
    @pytest.fixture
    def port(self) -> Iterator[str]:
        main, port = os.openpty()
        yield os.ttyname(port)
        os.close(main)
        os.close(port)

    @pytest.fixture(autouse=True)
    def arguments(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """Return the arguments of the recorder that is made; it is not a real one."""
        arguments: list[Any] = []

        def make(*words: object, origins: Sequence[DefinitionOrigin]) -> object:
            arguments.extend([*words, origins])
            return object()

        monkeypatch.setattr(recorder, "Recorder", make)
        return arguments

    def test_a_named_file_is_recorded_from_any_source(self, arguments: list[Any], tmp_path: Path) -> None:
        source = open_source(str(CAPTURES / "undervoltage.log"))
        failures: list[str] = []
        output = str(tmp_path / "a.pcapng")
        definition = load_definition(["modbus"])
        assert recorder_for(source, output, definition, automatic=False, on_failure=failures.append) is not None
        destination, name, baud, zone, on_failure, origins = arguments
        assert [origin.name for origin in origins] == ["modbus"]
        assert isinstance(destination, SingleFile)
        assert (name, baud, zone()) == (source.name, source.baud, source.zone)
        on_failure("full")
        assert failures == ["full"]

    @pytest.mark.parametrize("automatic", [True, False])
    def test_a_file_is_not_recorded_automatically(self, automatic: bool) -> None:
        source = open_source(str(CAPTURES / "undervoltage.log"))
        assert recorder_for(source, None, load_definition([]), automatic=automatic) is None

    def test_a_port_is_recorded_automatically(self, arguments: list[Any], port: str) -> None:
        source = open_source(port, line_options=LineOptions(115200))
        try:
            assert recorder_for(source, None, load_definition([]), automatic=False) is None
            assert recorder_for(source, None, load_definition([]), automatic=True) is not None
            assert isinstance(arguments[0], RecordingFolder)
        finally:
            source.close()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the settings, which name a rate."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "evse-sniff" / "settings.toml"
    path.parent.mkdir()
    path.write_text("baud = 9600\n")
    return path


@pytest.mark.parametrize(
    ("words", "baud"),
    [
        (["/dev/ttyUSB0"], 9600),
        (["socket://bench:4000"], 9600),
        (["/dev/ttyUSB0", "--baud", "19200"], 19200),
        (["/dev/ttyUSB0", "--baud", "auto"], None),
        (["demo"], None),
        (["-"], None),
        ([__file__], None),
    ],
)
def test_a_line_has_the_rate_that_is_named_or_that_of_the_settings(
    words: list[str], baud: int | None, settings: Path
) -> None:
    parser = build_parser("dump", "about")
    add_source(parser)
    options = parser.parse_args(words)
    assert baud_of(options, options.sources) == baud


def test_settings_that_cannot_be_used_are_reported(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text("baud = 'fast'\n")
    parser = build_parser("dump", "about")
    add_source(parser)
    options = parser.parse_args(["/dev/ttyUSB0"])
    assert baud_of(options, options.sources) is None
    assert "baud must be a rate such as 9600" in capsys.readouterr().err
