"""The definitions of a capture come back from the comments of its section; other comments are left alone."""

import pytest

from sniffer.core.protocol.definition_origin import build_origin
from sniffer.formats.pcapng.definition_comments import format_origins, parse_origins
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter

ORIGINS = (
    build_origin("modbus", "a", is_board=True),
    build_origin("größe (file, sha256 0) \x1b[2J.toml", "b", is_board=False),
)


def test_a_writer_names_them_in_the_header_of_each_file() -> None:
    writer = CaptureWriter("port", origins=ORIGINS)
    for header in (writer.encode_header(), writer.encode_preamble()):
        reader = CaptureReader()
        assert [*reader.feed(header)] == []
        assert parse_origins(reader.section_comments) == ORIGINS


def test_a_capture_without_one_has_no_comment() -> None:
    reader = CaptureReader()
    assert [*reader.feed(CaptureWriter("port").encode_header())] == []
    assert reader.section_comments == ()


@pytest.mark.parametrize("comment", ["definition", "evse-sniff definition: x (file, sha256 12)", "a note"])
def test_other_comments_name_none(comment: str) -> None:
    assert parse_origins([comment, format_origins(ORIGINS)[0].value.decode()]) == ORIGINS[:1]


def test_a_long_name_keeps_its_end() -> None:
    (option,) = format_origins([build_origin("a" * 300 + ".toml", "", is_board=False)])
    (origin,) = parse_origins([option.value.decode()])
    assert origin.name == "a" * 250 + ".toml"
