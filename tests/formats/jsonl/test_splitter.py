"""The objects of a JSON file: whole, however the file is cut into pieces, and each by itself if one is damaged."""

import json

import pytest

from sniffer.formats.jsonl import splitter as module
from sniffer.formats.jsonl.splitter import LineSplitter, ObjectSplitter, Splitter, create_splitter

OBJECTS = [{"type": "a", "text": 'x \\ "{" ä'}, {"type": "b", "fields": {"one": {}, "two": [1, {}]}}, {"type": "c"}]
LINES = "".join(f"{json.dumps(one)}\n" for one in OBJECTS).encode()
FORMS = [
    LINES,
    json.dumps(OBJECTS).encode(),
    json.dumps(OBJECTS, indent=1).encode(),
    json.dumps(OBJECTS, indent=4).encode(),
]


def split(splitter: Splitter, data: bytes, step: int) -> list[bytes]:
    return [part for at in range(0, len(data), step) for part in splitter.feed(data[at : at + step])]


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
@pytest.mark.parametrize("data", FORMS, ids=["lines", "array", "indented", "more indented"])
def test_the_objects_do_not_depend_on_the_pieces(data: bytes, step: int) -> None:
    splitter = create_splitter(data)
    assert [json.loads(part) for part in split(splitter, data, step)] == OBJECTS
    assert splitter.end() == b""


def test_indented_objects_without_an_array_are_found() -> None:
    data = "\n".join(json.dumps(one, indent=2) for one in OBJECTS).encode()
    splitter = create_splitter(data)
    assert [json.loads(part) for part in split(splitter, data, 5)] == OBJECTS


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'{"type"', LineSplitter),
        (b'\xef\xbb\xbf {"type"', LineSplitter),
        (b"{\n", ObjectSplitter),
        (b" [", ObjectSplitter),
        (b"{ broken\n", LineSplitter),
    ],
)
def test_the_beginning_decides(head: bytes, kind: type) -> None:
    assert type(create_splitter(head)) is kind


@pytest.mark.parametrize("damage", [b'{"type": "a", "text": "x', b'{"type": {', b'{"type": "a", "x": "\\'])
def test_a_damaged_object_does_not_take_the_next_ones_along(damage: bytes) -> None:
    data = b'[\n{"type": "a"},\n' + damage + b',\n{"type": "b"},\n{"type": "c"}\n]'
    parts = split(ObjectSplitter(), data, 1000)
    assert [parts[0], *parts[-2:]] == [b'{"type": "a"}', b'{"type": "b"}', b'{"type": "c"}']
    assert len(parts) == 4


def test_a_damaged_object_takes_none_along_whose_comma_stands_before_it() -> None:
    parts = split(ObjectSplitter(), b'[\n{"type": "a", "x": {\n,{"type": "b"}\n,{"type": "c"}\n]', 1000)
    assert parts[1:] == [b'{"type": "b"}', b'{"type": "c"}']


def test_the_mark_at_the_beginning_of_a_file_is_no_part_of_its_first_line() -> None:
    assert list(create_splitter(b"\xef\xbb\xbf{").feed(b'\xef\xbb\xbf{"a"}\n{"b"}\n')) == [b'{"a"}\n', b'{"b"}\n']


def test_the_rest_is_what_is_not_complete() -> None:
    for splitter, whole in ((LineSplitter(), b'{"a"}\n'), (ObjectSplitter(), b'{"a"}')):
        assert list(splitter.feed(whole + b'{"b"')) == [whole]
        assert splitter.end() == b'{"b"'


@pytest.mark.parametrize("kind", [LineSplitter, ObjectSplitter])
def test_of_a_part_without_end_only_the_beginning_is_kept(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 100)
    splitter = kind()
    parts = split(splitter, b'{"type": "' + 1000 * b"a", 10)
    assert len(parts) == 1
    assert 100 <= len(parts[0]) <= 120
    assert len(splitter.end()) <= 100
    assert list(splitter.feed(b'"}\n{"type": "b"}\n'))[-1].strip() == b'{"type": "b"}'
