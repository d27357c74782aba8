"""The definitions of a recording are read from files, packed ones, and those in archives, and from nothing else."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.protocol.definition_origin import build_origin
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.stored.recorded_definitions import find_recorded, read_recorded

ORIGIN = build_origin("modbus", "a", is_board=True)
HEADER = CaptureWriter("port", origins=[ORIGIN]).encode_header()


def test_a_file_a_packed_file_and_an_archive_say_it(tmp_path: Path) -> None:
    plain, packed, archive = (tmp_path / name for name in ("a.pcapng", "a.pcapng.gz", "a.zip"))
    plain.write_bytes(HEADER)
    packed.write_bytes(gzip.compress(HEADER))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("b.pcapng", HEADER)
    found = [*find_recorded([str(plain), str(packed), str(archive)])]
    assert [one.origins for one in found] == [(ORIGIN,)] * 3
    assert [Path(one.file).name for one in found] == ["a.pcapng", "a.pcapng.gz", "b.pcapng"]


def test_what_is_no_capture_or_names_none_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("[1] text")
    (tmp_path / "b.pcapng").write_bytes(CaptureWriter("port").encode_header())
    (tmp_path / "c.pcapng").write_bytes(HEADER[:20])
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    names = [str(path) for path in tmp_path.iterdir()] + ["-", "demo", "socket://host:1", "/dev/null", "missing", "\0"]
    found = [*find_recorded(names)]
    assert {Path(one.file).name for one in found} == {"a.log", "b.pcapng", "c.pcapng"}
    assert {one.origins for one in found} == {()}


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read_recorded(tmp_path / "missing.pcapng")
