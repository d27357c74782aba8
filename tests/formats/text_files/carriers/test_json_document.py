"""JSON over several lines becomes one line for each object."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.text_files import line_decoder
from sniffer.formats.text_files.carriers import json_document
from sniffer.formats.text_files.carriers.json_document import JsonJoiner, complete, join_document
from sniffer.formats.text_files.line_decoder import LineDecoder, TextEncoding

TEXTS = st.text('ab{}[]",:\\ \n', max_size=8)
SCALARS = TEXTS | st.integers(-300, 300) | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)
OBJECTS = st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4)


def print_each(objects: list[object]) -> str:
    return "\n".join(json.dumps(one, indent=2) for one in objects)


def print_lines(objects: list[object]) -> str:
    return "\n".join(map(json.dumps, objects))


PRINTERS = [
    print_each,
    print_lines,
    json.dumps,
    lambda objects: json.dumps(objects, indent=4),
    lambda objects: json.dumps(objects, indent="\t", ensure_ascii=False),
    lambda objects: "[\n" + ",\n".join(map(json.dumps, objects)) + "\n]",
    lambda objects: "[" + "\n,".join(map(json.dumps, objects)) + "]",
]


@pytest.mark.parametrize("printed", PRINTERS)
@given(OBJECTS)
def test_each_object_becomes_one_line_however_it_was_printed(
    printed: Callable[[list[object]], str], objects: list[object]
) -> None:
    joiner = JsonJoiner()
    found = [*joiner.feed(printed(objects).split("\n")), *joiner.finish()]
    assert [json.loads(line) for line in found] == objects


@given(OBJECTS, st.integers(4, 40), st.sampled_from([", ", ","]))
def test_lines_that_are_too_long_come_in_parts(objects: list[object], width: int, separator: str) -> None:
    text = json.dumps(objects, separators=(separator, ":"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_document, "MAX_LINE", width)
        patch.setattr(line_decoder, "MAX_LINE", width)
        decoder, joiner = LineDecoder(TextEncoding()), JsonJoiner()
        parts = [*decoder.feed(text.encode()), *decoder.finish()]
        found = [*joiner.feed(parts), *joiner.finish()]
    assert [json.loads(line) for line in found] == objects


def test_lines_that_are_no_json_stay() -> None:
    lines = [
        "$ cat log",
        "{",
        '  "a": [1,',
        "  2]",
        "}",
        "",
        "[10:00:01] Rx <= BB {",
        "{hello",
        "[x]",
        "{",
        "hello",
        "}",
    ]
    joiner = JsonJoiner()
    found = [*joiner.feed(lines), *joiner.finish()]
    assert found == ["$ cat log", '{  "a": [1,  2]}', *lines[5:]]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["[", "187,", "221", "]"], ["[187,221]"]),
        (["[[1, 2],", "[3]]"], ["[1, 2]", "[3]"]),
        (["[]"], ["[]"]),
        (['{"a": 1}{"b": 2}'], ['{"a": 1}', '{"b": 2}']),
        (["{", '  "a": "b', "}", "{", '  "c": 1', "}"], ["{", '  "a": "b', "}", '{  "c": 1}']),
        (["{", '  "a": 1,', '  "b": {', "{", '  "c": 1', "}"], ['{  "a": 1,  "b": {}}', '{  "c": 1}']),
        (["[", " {", '  "a": 1,', '  "b', " {", '  "c": 1', " }", "]"], ['{  "a": 1}', ',  "b', '{  "c": 1 }']),
    ],
)
def test_damage_ends_with_the_object(lines: list[str], found: list[str]) -> None:
    joiner = JsonJoiner()
    assert [*joiner.feed(lines), *joiner.finish()] == found


def test_an_object_that_was_cut_off_goes_as_far_as_it_is_known() -> None:
    assert join_document(["{", '  "hex": "bb",', '  "list": [1, 2', ""]) == ['{  "hex": "bb",  "list": [1]}', ", 2"]
    assert join_document(['[{"hex": "bb"}, {"hex": "aa", "x']) == ['{"hex": "bb"}', '{"hex": "aa"}', ', "x']
    assert join_document(["hello", "world"]) == ["hello", "world"]
    assert complete("{ 0xBB, 0xDD") == ("", "{ 0xBB, 0xDD")


def test_objects_far_within_each_other_are_none_and_take_no_time_that_grows_with_their_square() -> None:
    text = '{"a":[' * 100_000
    assert complete(text) == ("", text)


def test_an_object_that_is_too_long_is_skipped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "LONGEST", 20)
    joiner = JsonJoiner()
    lines = ["{", f'"a": "{"x" * 20}"', "}", "{", '"b": 1', "}"]
    assert joiner.feed(lines) == ['{"b": 1}']
    assert joiner.skipped == 1
    joiner.feed(lines[:2])
    assert joiner.finish() == []
    assert joiner.skipped == 2
