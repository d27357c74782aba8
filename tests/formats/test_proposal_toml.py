"""The TOML of proposals: comments that stay comments, and entries that a TOML reader reads back."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.proposal_toml import WIDTH, build_inline_table, format_block


def test_a_block_has_its_comments_and_its_entry() -> None:
    text = format_block(["first", "", "second"], "command", {"code": 1, "fields": [build_inline_table({"size": 2})]})
    assert [line.rstrip() for line in text.splitlines()[:3]] == ["# first", "#", "# second"]
    assert tomllib.loads(text) == {"command": [{"code": 1, "fields": [{"size": 2}]}]}


def test_a_block_without_content_is_comments_alone() -> None:
    assert format_block(["only this"]) == "# only this\n"


def test_an_empty_entry_is_an_entry() -> None:
    assert tomllib.loads(format_block([], "error", {})) == {"error": [{}]}


def test_long_comments_are_wrapped_and_indented() -> None:
    first, *others = format_block(["  " + "word " * 60]).splitlines()
    assert first.startswith("#   word")
    assert others
    assert all(line.startswith("#     word") for line in others)
    assert max(map(len, (first, *others))) <= WIDTH + 2


@given(st.lists(st.text(), max_size=4))
def test_no_comment_becomes_an_entry(comments: list[str]) -> None:
    assert tomllib.loads(format_block(comments)) == {}
