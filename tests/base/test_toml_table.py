"""One table of a data file: each kind of value at its bounds, and the error for a value of another kind."""

from collections.abc import Callable
from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable

Read = Callable[[TomlTable], Any]


def table(**content: Any) -> TomlTable:
    return TomlTable("my.toml", content)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda one: one.text("x"), "a b", "a b"),
        (lambda one: one.text("x", "default"), "", ""),
        (lambda one: one.text("x", empty=True), "", ""),
        (lambda one: one.number("x", least=3, most=5), 3, 3),
        (lambda one: one.number("x", least=3, most=5), 5, 5),
        (lambda one: one.number("x"), 0, 0),
        (lambda one: one.number("x"), 0xFFFFFFFF, 0xFFFFFFFF),
        (lambda one: one.numbers("x", least=1, most=2), 1, (1,)),
        (lambda one: one.numbers("x", least=1, most=2), [2, 1], (2, 1)),
        (lambda one: one.flag("x"), True, True),
        (lambda one: one.flag("x"), False, False),
        (lambda one: one.pair("x", 5), [-5, 5], (-5, 5)),
        (lambda one: one.pair("x", 5), [1.5, 1.5], (1.5, 1.5)),
        (lambda one: one.choice("x", {"a": 1, "b": 2}), "b", 2),
        (lambda one: one.choices("x", {"a": 1, "b": 2}, 3), "a", (1, 1, 1)),
        (lambda one: one.choices("x", {"a": 1, "b": 2}, 2), ["b", "a"], (2, 1)),
        (lambda one: one.words("x", ["a", "b"]), ["b", "a"], ("b", "a")),
        (lambda one: one.words("x", ["a", "b"]), [], ()),
        (lambda one: one.texts("x"), ["b", "b"], ("b", "b")),
        (lambda one: one.bytes("x"), "00 Ff", b"\x00\xff"),
        (lambda one: one.size("x", 4), 1, 1),
        (lambda one: one.size("x", 4), 4, 4),
        (lambda one: one.size("x", 4), "rest", "rest"),
        (lambda one: one.size("x", 4), "to zero", "to zero"),
    ],
)
def test_a_value_that_is_allowed_is_returned(read: Read, value: Any, expected: Any) -> None:
    assert read(table(x=value)) == expected


@pytest.mark.parametrize(
    ("read", "values", "allowed"),
    [
        (lambda one: one.text("x"), (1, "", ["a"]), "a text"),
        (
            lambda one: one.text("x", "default"),
            ("a\nb", "\x1b[2J"),
            "a text of one line, without control characters or combining marks",
        ),
        (lambda one: one.number("x", least=3, most=5), (2, 6, True, 4.0, "4"), "a whole number from 3 to 5"),
        (
            lambda one: one.numbers("x", least=1, most=2),
            (0, 3, True, [], [1, 1], [1, 3], [0, 1], ["1"]),
            "a whole number from 1 to 2, or a list of different ones",
        ),
        (lambda one: one.flag("x"), (0, "true"), "true or false"),
        (
            lambda one: one.pair("x", 5),
            ([1], [1, 2, 3], [2, 1], [-6, 0], [0, 6], [True, 1], [0, float("inf")], "12", 1),
            "the lowest and the highest voltage, from -5 to 5",
        ),
        (lambda one: one.choice("x", {"a": 1, "b": 2}), ("c", 1, ["a"]), "one of a, b"),
        (lambda one: one.choices("x", {"a": 1, "b": 2}, 2), (["a"], ["a", "c"], [1, 2]), "one of a, b, or a list of 2"),
        (lambda one: one.words("x", ["a", "b"]), ("a", ["c"], ["a", "a"], [1]), "a list of different ones of a, b"),
        (lambda one: one.texts("x"), ([], "a", [1], ["a", 1]), "a list with at least one text"),
        (lambda one: one.bytes("x"), ("0", "xx"), "bytes in hexadecimal"),
        (lambda one: one.bytes("x"), (1,), "a text"),
        (
            lambda one: one.size("x", 4),
            (0, -1, 5, True, "all", 1.0),
            'a number of bytes, "rest" or "to zero"; at most 4',
        ),
        (lambda one: one.table("x"), (1, [{}]), "a table: x = { ... }"),
        (lambda one: one.list("x"), ({}, [1]), "a list of tables"),
        (lambda one: one.list("x"), ([{}, "a"],), "a list of tables; entry 2 is none"),
    ],
)
def test_a_value_of_another_kind_is_an_error_that_names_it(read: Read, values: tuple[Any, ...], allowed: str) -> None:
    for value in values:
        with pytest.raises(DefinitionError) as caught:
            read(table(x=value))
        assert str(caught.value) == f"my.toml: x = {value!r}: must be {allowed}" or "\\" in repr(value)
        assert str(caught.value).endswith(f": must be {allowed}")


def test_a_long_value_is_cut_off_in_the_message() -> None:
    with pytest.raises(DefinitionError) as caught:
        table(x=[*({f"key_{number}": "x" * 50} for number in range(5)), 1]).list("x")
    assert str(caught.value).endswith("...: must be a list of tables; entry 6 is none")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "read",
    [
        lambda one: one.text("x"),
        lambda one: one.text("x", empty=True),
        lambda one: one.number("x"),
        lambda one: one.numbers("x"),
        lambda one: one.pair("x", 5),
        lambda one: one.choice("x", {"a": 1}),
        lambda one: one.choices("x", {"a": 1}, 1),
        lambda one: one.words("x", ["a"]),
        lambda one: one.texts("x"),
        lambda one: one.size("x", 4),
        lambda one: one.table("x"),
    ],
)
def test_a_missing_value_is_an_error(read: Read) -> None:
    with pytest.raises(DefinitionError, match=r"^my\.toml: x is missing: it must be "):
        read(table())


def test_values_that_may_be_missing() -> None:
    empty = table()
    assert empty.text("x", "default") == "default"
    assert empty.number("x", 7) == 7
    assert empty.flag("x") is False
    assert empty.bytes("x") == b""
    assert empty.list("x") == []
    assert empty.table("x", optional=True).names() == []


def test_the_place_of_an_inner_table_is_in_its_errors() -> None:
    outer = table(inner={"x": 1}, rows=[{}, {"x": 1}])
    with pytest.raises(DefinitionError, match=r"^my\.toml: inner: x = 1: must be a text$"):
        outer.table("inner").text("x")
    assert [row.place for row in outer.list("rows")] == ["my.toml: rows 1", "my.toml: rows 2"]
    assert outer.list("rows")[1].number("x") == 1


def test_keys_are_listed_in_order_and_others_are_refused() -> None:
    content = table(b=1, a=2)
    assert content.names() == ["b", "a"]
    assert "a" in content
    assert "c" not in content
    content.only(("a", "b"))
    with pytest.raises(DefinitionError) as caught:
        content.only(("b", "c"))
    assert str(caught.value) == "my.toml: a: no such key here: allowed are b, c"


def test_a_long_value_is_shortened_in_the_message() -> None:
    with pytest.raises(DefinitionError) as caught:
        table(x="a" * 500).number("x")
    assert len(str(caught.value)) < 150
