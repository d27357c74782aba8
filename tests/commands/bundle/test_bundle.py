"""Bundles of all samples, and of sessions with identifiers of every kind."""

import json
import os
import re
import stat
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError, SourceError
from sniffer.commands.bundle.bundle import make_bundle
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.sources.probe import probe_source
from sniffer.sources.stored.session_file import open_file
from tests.commands.bundle.helpers import SECRETS, bundle_of, records_in, reread, write_log, write_tap, write_two_taps
from tests.commands.convert.helpers import DEFINITION
from tests.paths import CAPTURES

FILES = ["capture.pcapng", "README.txt", "versions.txt", "definition.toml", "report.txt", "report.html", "report.json"]
SAMPLES = sorted([*CAPTURES.glob("*.pcapng"), *CAPTURES.glob("*.log")])
ORIGINALS = ["10427240", "20000001", "192.0.2.11", "192.0.2.12", "192.0.2.13"]
"""The identifiers in the samples that are long enough to be found by their characters alone."""


def forms_of(original: str) -> list[bytes]:
    """Return an identifier as it could stand in a file: as text, and in hexadecimal with and without separators."""
    data = original.encode()
    texts = [data.hex(), data.hex(" "), data.hex(":"), data.hex("-")]
    return [data, data.lower(), data.upper(), *(one.encode() for text in texts for one in (text, text.upper()))]


def frames_in(records: list[Record]) -> list[Message]:
    return [record.item for record in records if isinstance(record.item, Message)]


def noise_in(records: list[Record]) -> list[Noise]:
    return [record.item for record in records if isinstance(record.item, Noise)]


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 11


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_loses_its_identifiers_and_nothing_else(sample: Path, tmp_path: Path) -> None:
    _, contents = bundle_of(sample, tmp_path)
    assert list(contents) == FILES
    left = [
        (name, original)
        for name, data in contents.items()
        for original in ORIGINALS
        for form in forms_of(original)
        if form in data
    ]
    assert left == []
    before, after = records_in(sample), reread(contents, tmp_path)
    assert len(after) == len(before)
    assert [record.time for record in after] == [record.time for record in before]
    assert [record.line for record in after] == [record.line for record in before]
    for one, other in zip(frames_in(before), frames_in(after), strict=True):
        assert (other.command, other.direction, other.frame.sequence) == (
            one.command,
            one.direction,
            one.frame.sequence,
        )
        assert len(other.frame.raw) == len(one.frame.raw)
        assert other.problem == one.problem
        assert b"1000\0" not in other.frame.payload
    noise = [(item.reason, len(item.raw)) for item in noise_in(before)]
    assert [(item.reason, len(item.raw)) for item in noise_in(after)] == noise
    assert all(reason is not Reason.CRC for reason, _ in noise) or sample.name == "bad-line.pcapng"
    assert [record.events != () for record in after] == [record.events != () for record in before]


@pytest.mark.parametrize("name", ["undervoltage.log", "mains-sag.pcapng"])
def test_the_report_is_that_of_the_session(name: str, tmp_path: Path) -> None:
    from tests.commands.report.helpers import report_of

    _, contents = bundle_of(CAPTURES / name, tmp_path)
    found = json.loads(contents["report.json"])
    assert found["source"] == "capture.pcapng"
    assert found["charge_point_id"] == "CP000001"
    assert found["records"] == report_of(name).records
    assert b"Under voltage" in contents["report.txt"]
    assert contents["report.html"].lower().startswith(b"<!doctype html")


@pytest.mark.parametrize("write", [write_log, write_tap], ids=["log", "tap"])
def test_identifiers_of_every_kind_are_gone_from_every_file(write, tmp_path: Path) -> None:
    bundle, contents = bundle_of(write(tmp_path / "a.log"), tmp_path, also=("Miller Ltd",))
    left = [
        (name, secret)
        for name, data in contents.items()
        for secret in SECRETS
        for form in forms_of(secret)
        if form in data
    ]
    assert left == []
    assert all(bundle.counts[one.original.casefold()] > 0 for one in bundle.replaced)
    assert [len(one.frame.raw) for one in frames_in(reread(contents, tmp_path))] == [
        len(one.frame.raw) for one in frames_in(records_in(tmp_path / "a.log"))
    ]


def test_both_taps_are_described_without_the_names_of_their_ports(tmp_path: Path) -> None:
    _, contents = bundle_of(write_two_taps(tmp_path / "a.pcapng"), tmp_path)
    assert b"A50285BI" not in contents["capture.pcapng"]
    (tmp_path / "b.pcapng").write_bytes(contents["capture.pcapng"])
    found = probe_source(open_file(tmp_path / "b.pcapng")).taps
    assert [(tap.tap, tap.late, tap.baud) for tap in found] == [(1, 16_000_000, 9600), (2, 1_000_000, 19200)]
    assert len({tap.name for tap in found}) == 2


def test_a_placeholder_is_the_same_in_frames_logs_and_messages(tmp_path: Path) -> None:
    _, contents = bundle_of(write_log(tmp_path / "a.log"), tmp_path)
    items = [record.item for record in reread(contents, tmp_path)]
    texts = [item.line.text for item in items if isinstance(item, TextMessage)]
    assert texts[0] == "cpid = CP000001,evseNum = 1"
    assert texts[1] == '=>CSMS:[2,"1","Authorize",{"idTag":"CARD0001"}]'
    assert texts[4] == "card CARD0001 read, bytes 43 41 52 44 30 30 30 31"
    (frame,) = frames_in(reread(contents, tmp_path))
    assert frame.value("charge_point_id") == "CP000001"


def test_damaged_and_cut_off_frames_lose_their_identifiers(tmp_path: Path) -> None:
    _, contents = bundle_of(write_tap(tmp_path / "a.pcapng"), tmp_path)
    crc, truncated, *_ = noise_in(reread(contents, tmp_path))
    assert b"XXXXXXXX" in crc.raw
    assert truncated.raw.endswith(b"XXXX")
    assert b"27240" not in contents["capture.pcapng"]


def test_a_session_that_was_cut_off_is_packed_up_to_there(tmp_path: Path) -> None:
    bundle, contents = bundle_of(CAPTURES / "cut-off.pcapng", tmp_path)
    assert "cut off" in bundle.incomplete
    assert bundle.records == 89
    assert contents["capture.pcapng"]


def test_the_readme_says_what_was_replaced_without_naming_it(tmp_path: Path) -> None:
    bundle, contents = bundle_of(CAPTURES / "mains-sag.pcapng", tmp_path)
    text = contents["README.txt"].decode()
    assert re.search(r"CP000001 +charge point id, 2 places", text)
    assert f"{bundle.changed} frames with such an identifier" in text
    assert "new CRC" in text
    assert "evse-sniff 0" in contents["versions.txt"].decode()
    assert "[[command]]" in contents["definition.toml"].decode()


def test_a_bundle_is_for_its_owner_and_replaces_no_file(tmp_path: Path) -> None:
    bundle, _ = bundle_of(CAPTURES / "one-side.pcapng", tmp_path)
    assert stat.S_IMODE((tmp_path / "x.zip").stat().st_mode) == 0o600
    with pytest.raises(OutputError, match="it is there already"):
        bundle.write(tmp_path / "x.zip")


@pytest.mark.parametrize("name", ["demo", "-", "socket://localhost:1", "/dev/null", "pipe"])
def test_only_a_saved_session_is_packed_and_nothing_else_is_opened(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(SourceError, match="save it with `evse-sniff record` first"):
        make_bundle([name], tmp_path, DEFINITION, ())


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"type": 1}\n')
    with pytest.raises(SourceError, match="no line of it is one of"):
        make_bundle([str(tmp_path / "a.jsonl")], tmp_path, DEFINITION, ())


def test_a_bundle_that_would_still_hold_an_identifier_is_not_made(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.log")
    with pytest.raises(OutputError, match=r"not written: 200208 would still stand in definition\.toml"):
        make_bundle([str(log)], tmp_path, DEFINITION, ("200208",))


def test_a_name_that_is_a_word_of_the_report_hinders_nothing(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.log")
    log.write_text(log.read_text() + "20 2023-11-30T00:00:59+0000 [x] user=verified\n")
    _, contents = bundle_of(log, tmp_path)
    assert b"user=USER-" in contents["capture.pcapng"]
