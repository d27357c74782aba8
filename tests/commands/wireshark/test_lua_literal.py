"""Values as Lua expressions."""

import pytest

from sniffer.commands.wireshark.lua_literal import WIDTH, LuaValue, format_literal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (2**32, "4294967296"),
        ("plain text!", '"plain text!"'),
        ("", '""'),
        ('"', '"\\034"'),
        ("\\", '"\\092"'),
        ("a\n\0", '"a\\010\\000"'),
        ("ö", '"\\195\\182"'),
        ("\udc9b", '"\\092udc9b"'),
        (b"\xff~ ", '"\\255~ "'),
        ([], "{}"),
        ({}, "{}"),
        ([1, None], "{ 1, nil, }"),
        ({"a": 1, 2: "b", "left out": None}, '{ ["a"] = 1, [2] = "b", }'),
    ],
)
def test_a_value_is_written_as_lua(value: LuaValue, text: str) -> None:
    assert format_literal(value) == text


def test_a_table_in_a_table_is_indented() -> None:
    assert format_literal({"a": ["x" * WIDTH], "b": 1}) == ('{\n  ["a"] = { "' + "x" * WIDTH + '", },\n  ["b"] = 1,\n}')
    assert format_literal([["x" * WIDTH, 1]]) == '{\n  {\n    "' + "x" * WIDTH + '",\n    1,\n  },\n}'


def test_entries_share_a_line_up_to_its_width() -> None:
    text = format_literal(list(range(100, 200)))
    lines = text.split("\n")
    assert (lines[0], lines[-1]) == ("{", "}")
    assert all(line.startswith("  1") for line in lines[1:-1])
    assert "".join(lines[1:-1]).replace(" ", "") == "".join(f"{number}," for number in range(100, 200))
    assert max(map(len, lines)) <= WIDTH + 3
    assert len(lines) == 2 + 5
