"""The definitions that a session was recorded with are read from its beginning."""

from sniffer.core.protocol.definition_origin import build_origin
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.formats.recorded_with import RecordedWith, read_recorded_head

ORIGIN = build_origin("modbus", "a", is_board=True)
HEADER = CaptureWriter("port", origins=[ORIGIN]).encode_header()


def test_the_first_section_names_them() -> None:
    assert read_recorded_head("a", HEADER)[:2] == ("a", (ORIGIN,))
    assert read_recorded_head("a", CaptureWriter("port").encode_header()).origins == ()


def test_what_is_cut_off_or_no_capture_says_nothing() -> None:
    for head in (b"", HEADER[:20], b"text"):
        assert read_recorded_head("a", head) == RecordedWith("a", (), is_own=False)


def test_json_lines_name_them_or_show_the_links_of_frames() -> None:
    named = b'{"type": "event", "time": null, "event": "definition", "definitions": [%s]}\n'
    origin = b'{"name": "modbus", "board": true, "digest": "%s"}' % ORIGIN.digest.encode()
    frame = b'{"type": "frame", "time": null, "link": "modbus", "raw": "00"}\n'
    assert read_recorded_head("a", named % origin + frame) == RecordedWith("a", (ORIGIN,), is_own=False)
    assert read_recorded_head("a", frame) == RecordedWith("a", (), is_own=False, links=("modbus",))
