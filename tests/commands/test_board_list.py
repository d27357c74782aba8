"""The list of the known boards, for people and for scripts."""

import json

from sniffer.base.sanitize import printable
from sniffer.commands.board_list import format_boards_as_json, list_board_lines, read_boards
from sniffer.core.protocol.loader import list_boards


def test_each_board_has_a_title_links_and_sources() -> None:
    boards = read_boards()
    assert [board.name for board in boards] == [*list_boards()]
    assert all(board.title and board.links and board.sources for board in boards)


def test_a_board_is_listed_with_its_links_and_sources() -> None:
    lines = [*list_board_lines()]
    at = lines.index("jk      JK battery management, 4E 57")
    assert lines[at + 1] == "        links: jk"
    assert lines[at + 2].startswith("        source: Communication protocol")
    assert all(line == printable(line) for line in lines)


def test_the_list_as_json_is_one_object() -> None:
    boards = json.loads(format_boards_as_json())["boards"]
    assert [board["name"] for board in boards] == [*list_boards()]
    assert {*boards[0]} == {"name", "title", "links", "sources"}
