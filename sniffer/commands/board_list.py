"""The list of the known boards: what each is, its links, and where its facts come from.

In: the packaged files of the boards. Out: lines for people, or one JSON object.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

import tomli

from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.loader import board_files, list_boards
from sniffer.core.protocol.parsers.definition_parser import parse_heading


class Board(NamedTuple):
    """A known board: its name for `--definition`, what it is, the names of its links, and its sources."""

    name: str
    title: str
    links: tuple[str, ...]
    sources: tuple[str, ...]


def read_boards() -> list[Board]:
    """Return the known boards in alphabetical order."""
    boards = []
    for name in list_boards():
        ((file, text),) = board_files([name]).items()
        table = TomlTable(file, tomli.loads(text))
        links = tuple(link.text("name") for link in table.list("link"))
        title, sources = parse_heading(table)
        boards.append(Board(name, title, links, sources))
    return boards


def list_board_lines() -> Iterator[str]:
    """Yield the lines of the list: the name and the title of a board, and its links and sources below them."""
    boards = read_boards()
    width = max(len(board.name) for board in boards)
    for board in boards:
        yield f"{board.name:<{width}}  {board.title}"
        yield f"{'':<{width}}  links: {', '.join(board.links)}"
        for source in board.sources:
            yield f"{'':<{width}}  source: {source}"


def format_boards_as_json() -> str:
    """Return the list as one JSON object in one line."""
    boards = [board._asdict() for board in read_boards()]
    return json.dumps({"boards": boards}, ensure_ascii=False)
