"""Late patterns: they find what compiled ones find, and are compiled once, on first use."""

import re
from copy import deepcopy
from typing import Any

import pytest

from sniffer.base.late_pattern import compile_late


def test_pattern_finds_what_a_compiled_one_finds() -> None:
    late, compiled = (
        compile_late(r"(?P<name>[a-z]+)\d", re.IGNORECASE),
        re.compile(r"(?P<name>[a-z]+)\d", re.IGNORECASE),
    )
    for searched in ("AB1", " ab1", "ab"):
        for find in ("match", "search", "fullmatch"):
            one, other = getattr(late, find)(searched), getattr(compiled, find)(searched)
            assert (one and one.groupdict()) == (other and other.groupdict())
    assert late.sub("-", "a1b2") == "--"
    assert (late.pattern, late.flags, late.groupindex) == (compiled.pattern, compiled.flags, compiled.groupindex)


def test_pattern_of_bytes_finds_bytes() -> None:
    assert compile_late(rb"[\x80-\xff]+").findall(b"a\x80\xffb\x90") == [b"\x80\xff", b"\x90"]


def test_pattern_is_compiled_on_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    compile_pattern = re.compile

    def record(*words: Any) -> Any:
        compiled.append(words)
        return compile_pattern(*words)

    monkeypatch.setattr(re, "compile", record)
    late = compile_late("a+", re.ASCII)
    assert compiled == []
    assert [late.fullmatch("aa") is not None for _ in range(3)] == [True] * 3
    assert compiled == [("a+", re.ASCII)]


def test_mistake_is_raised_on_first_use() -> None:
    late = compile_late("(")
    with pytest.raises(re.error, match="missing"):
        late.match("a")


def test_pattern_can_be_copied() -> None:
    late = compile_late("a+")
    assert deepcopy(late).fullmatch("aa")
    assert late.fullmatch("aa")
    assert deepcopy(late).fullmatch("aa")
