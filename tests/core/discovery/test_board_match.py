"""The known boards that bytes fit: given frames of a board, its name."""

import random

import pytest

from sniffer.core.discovery.board_match import match_boards
from sniffer.core.protocol.loader import load_board_routes
from tests.core.discovery.protocols import make_session
from tests.core.protocol.board_frames import BOARDS


def bytes_of(board: str) -> bytes:
    return b"".join(bytes.fromhex(line.rpartition(":")[2]) for line in BOARDS[board].split("\n") if line)


@pytest.mark.parametrize("board", BOARDS)
def test_the_frames_of_a_board_are_its_own(board: str) -> None:
    data = bytes_of(board)
    (match,) = match_boards(data + b"\x00\x13", load_board_routes())
    assert match.name == board
    assert match.frames == sum(line != "" for line in BOARDS[board].split("\n"))
    assert match.covered == len(data) / (len(data) + 2)


def test_other_bytes_fit_no_board() -> None:
    routes = load_board_routes()
    sessions = [make_session(seed)[0] for seed in range(20)]
    assert not any(match_boards(data, routes) for data in [b"", random.Random(3).randbytes(20_000), *sessions])


def test_frames_that_repeat_prove_once() -> None:
    """Four checks of twelve bits agree by accident more seldom than one of 16 bits that is seen a hundred times."""
    routes = load_board_routes()
    request = bytes.fromhex("01 03 03 E8 00 02 44 7B")
    assert match_boards(request * 100, routes) == []


def test_frames_among_other_bytes_do_not_fit() -> None:
    data = bytes_of("jbd")
    assert match_boards(data + random.Random(4).randbytes(2 * len(data)), load_board_routes()) == []
