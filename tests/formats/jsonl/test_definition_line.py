"""The line of JSON lines that names the definitions of a session."""

import json

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.jsonl.definition_line import format_definition_lines, list_links, parse_origins
from sniffer.formats.jsonl.reader import is_json_lines, items_of, parse_object

TUYA = load_definition(["tuya"])
(LINE,) = format_definition_lines(TUYA)
FRAME = json.dumps({"type": "frame", "time": None, "link": "tuya", "raw": "00"})


def test_a_session_of_the_packaged_definition_has_no_line() -> None:
    assert [*format_definition_lines(packaged_definition())] == []


@pytest.mark.parametrize(
    "head",
    [
        f"{LINE}\n{FRAME}\n",
        f"\ufeff\n  {LINE}\r\n{FRAME[:9]}",
        f"[{LINE},\n{FRAME}]",
        json.dumps([json.loads(LINE), json.loads(FRAME)], indent=2),
    ],
)
def test_the_first_object_names_the_definitions(head: str) -> None:
    assert parse_origins(head.encode()) == TUYA.origins
    assert is_json_lines(head.encode())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"text",
        b"[1]",
        FRAME.encode(),
        LINE[:-5].encode(),
        LINE.replace('"board": true', '"board": 1').encode(),
        LINE.replace('"digest": "', '"digest": "x').encode(),
        b'{"type": "event", "event": "definition", "definitions": 1}',
        b'{"type": "event", "event": "definition", "definitions": [1]}',
    ],
)
def test_what_names_none_says_nothing(head: bytes) -> None:
    assert parse_origins(head) == ()


def test_the_line_is_no_item_of_the_session() -> None:
    entry = parse_object(LINE.encode())
    assert entry
    assert [*items_of(entry)] == []


def test_the_links_of_frames_are_listed_once() -> None:
    noise = FRAME.replace("frame", "noise").replace("tuya", "jk")
    assert list_links(f"{noise}\n{FRAME}\n{FRAME}\n{FRAME[:9]}".encode()) == ("tuya",)
