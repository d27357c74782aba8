"""A file becomes the source of its format; nothing is read before it runs."""

from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.detect import SessionFormat
from sniffer.sources.jsonl_file import JsonLinesSource
from sniffer.sources.raw_file import RawSource
from sniffer.sources.stored.session_file import create_source, open_file, read_head
from sniffer.sources.text_log_file import TextLogSource

KINDS = [
    (SessionFormat.CAPTURE, CaptureSource),
    (SessionFormat.JSON_LINES, JsonLinesSource),
    (SessionFormat.TEXT_LOG, TextLogSource),
    (SessionFormat.RAW, RawSource),
]


@pytest.mark.parametrize(("found", "kind"), KINDS)
def test_each_format_has_its_source(found: SessionFormat, kind: type, tmp_path: Path) -> None:
    source = create_source(tmp_path / "missing", found)
    assert type(source) is kind
    assert source.name == str(tmp_path / "missing")


def test_the_content_decides(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b'{"type": "text", "text": "a"}\n')
    assert isinstance(open_file(path), JsonLinesSource)
    assert read_head(path) == path.read_bytes()


def test_a_text_by_any_name_is_refused_if_it_holds_no_record(tmp_path: Path) -> None:
    path = tmp_path / "messages.1"
    path.write_bytes(b"no record\n")
    with pytest.raises(SourceError, match="no line is a record of this log"):
        open_file(path)


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert read_head(tmp_path / "a") == b""
    with pytest.raises(SourceError, match="the file is empty"):
        open_file(tmp_path / "a")
    with pytest.raises(SourceError, match="No such file"):
        open_file(tmp_path / "b")
