"""The words of the command line become open sources; what was opened before an error is closed again."""

import os
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.line.usual_rates import ASSUMED_BAUD
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import ROUTES
from sniffer.sources import open as module
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.demo import DemoSource
from sniffer.sources.file_options import FileOptions
from sniffer.sources.multi_tap import MultiTap
from sniffer.sources.open import (
    LineOptions,
    baud_of_reads,
    is_demo,
    open_source,
    open_sources,
    pipeline_for,
)
from sniffer.sources.pipe import PipeSource
from sniffer.sources.raw_file import RawSource
from sniffer.sources.serial import tap as serial_tap
from sniffer.sources.source import Source
from sniffer.sources.stored.followed_file import FollowedFile
from sniffer.sources.text_log_file import TextLogSource
from tests.paths import CAPTURES
from tests.sources.helpers import FakeTap

LOG = str(CAPTURES / "undervoltage.log")


def test_a_demo_has_the_assumed_rate_unless_one_is_named() -> None:
    assert open_source("demo").baud == ASSUMED_BAUD == 115200
    found = open_source("demo:noisy", line_options=LineOptions(9600))
    assert isinstance(found, DemoSource)
    assert (found.name, found.baud) == ("demo:noisy", 9600)


@pytest.mark.parametrize(("name", "expected"), [("demo", True), ("demo:x", True), ("demo.log", False), ("a", False)])
def test_a_demo_is_recognised_by_its_name(name: str, expected: bool) -> None:
    assert is_demo(name) is expected


def test_a_file_is_opened_by_its_content(tmp_path: Path) -> None:
    raw = tmp_path / "a.bin"
    raw.write_bytes(b"\1\2")
    assert isinstance(open_source(LOG), TextLogSource)
    assert isinstance(open_source(str(raw)), RawSource)
    assert isinstance(open_source(str(CAPTURES / "pulled-cable.pcapng")), CaptureSource)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no/such/file", "no/such/file: no such file or port: `evse-sniff ports` lists the ports"),
        (
            LOG.replace("undervoltage", "undervoltag"),
            f"{LOG.replace('undervoltage', 'undervoltag')}: no such file or port: did you mean {LOG}?",
        ),
        ("/dev/ttyNONE9", "/dev/ttyNONE9: no such port: is the adapter plugged in?"),
        ("a\0b", "a\0b: cannot be opened: "),
        ("smb://host:1", "smb://host:1: no such kind of tap"),
        ("demo:none", "there is no scenario 'none'"),
    ],
)
def test_a_name_that_cannot_be_opened_is_refused(name: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(name)
    assert str(caught.value).startswith(message)


def test_a_socket_file_is_neither_file_nor_port(tmp_path: Path) -> None:
    os.mknod(tmp_path / "s", 0o140600)
    with pytest.raises(SourceError, match="neither a file nor a serial port: name a saved session"):
        open_source(str(tmp_path / "s"))


def test_a_named_pipe_is_read_as_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p")
    writer = os.open(tmp_path / "p", os.O_RDWR)
    source = open_source(str(tmp_path / "p"))
    assert isinstance(source, PipeSource)
    assert source.now() is not None
    source.close()
    os.close(writer)


@pytest.mark.parametrize("name", ["COM5", "com12", r"\\.\COM10"])
def test_a_windows_port_is_opened_as_a_port(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_tap, "SerialTap", FakeTap)
    found = open_source(name, line_options=LineOptions(9600, share=True, routes=ROUTES[:1]))
    assert isinstance(found, FakeTap)
    assert (found.name, found.baud, found.is_shared, found.routes) == (name, 9600, True, ROUTES[:1])


@pytest.mark.parametrize("name", ["demo", "-", "COM5"])
def test_only_a_file_can_be_followed(name: str) -> None:
    with pytest.raises(SourceError, match="--follow is for a file that grows"):
        open_source(name, file_options=FileOptions(follow=True))


@pytest.mark.parametrize("name", ["no-such-file.log", "no-such-folder/a.pcapng"])
def test_a_file_that_is_not_there_is_missing_also_if_it_is_to_be_followed(name: str) -> None:
    with pytest.raises(SourceError, match=f"{name}: no such file or port"):
        open_source(name, file_options=FileOptions(follow=True))


def test_a_file_that_grows_is_followed() -> None:
    source = open_source(LOG, file_options=FileOptions(follow=True))
    assert isinstance(source, FollowedFile)
    assert (source.name, source.is_live) == (LOG, True)


@pytest.fixture
def taps(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeTap]:
    """Taps by their names; other names are files without taps."""
    opened: dict[str, FakeTap] = {}

    def fake(name: str, *, line_options: LineOptions, **_: object) -> Source:
        if name == "broken":
            raise SourceError("broken: no permission")
        opened[name] = FakeTap(name, line_options.baud, has_taps=not name.startswith("file"))
        return opened[name]

    monkeypatch.setattr(module, "open_source", fake)
    return opened


def test_one_name_is_one_source(taps: dict[str, FakeTap]) -> None:
    assert open_sources(["a"], line_options=LineOptions(9600)) is taps["a"]


def test_two_ports_are_one_source_of_two_taps(taps: dict[str, FakeTap]) -> None:
    source = open_sources(["a", "b"])
    assert isinstance(source, MultiTap)
    assert source.name == "a + b"
    assert [tap.closed for tap in taps.values()] == [0, 0]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b", "c"], "3 sources: at most two taps make one session, one on each wire"),
        (["a", "a"], "a: two taps need two ports: name the one on the other wire"),
        (["a", "file"], "file: two sources are two taps, one on each wire: this one is no port"),
        (["a", "broken"], "broken: no permission"),
    ],
)
def test_sources_that_are_no_two_taps_are_refused(names: list[str], message: str, taps: dict[str, FakeTap]) -> None:
    with pytest.raises(SourceError) as caught:
        open_sources(names)
    assert str(caught.value) == message
    assert all(tap.closed == 1 for tap in taps.values())


def test_the_rate_dates_bytes_only_where_packets_have_no_times() -> None:
    tap = FakeTap("a", 9600)
    assert baud_of_reads(tap) == 9600
    tap.times_are_first_bytes = True
    assert baud_of_reads(tap) is None
    assert pipeline_for(tap, packaged_definition()).waiting == 0
