"""The words and arrows of directions."""

import pytest

from sniffer.formats.text_files.hex_lines.channel_words import ARROW, WORD, names_port


@pytest.mark.parametrize(
    "word",
    [
        "Rx",
        "TXD",
        "recv",
        "COM3",
        "/dev/ttyUSB0",
        "CU->PB",
        "Empfangen",
        "reçu",
        "接收",
        "受信",
        "IRP_MJ_READ",
        "ins",
        "Outs",
        "Wrote",
        "Answer",
        "RECD",
        "A",
    ],
)
def test_a_direction_is_known(word: str) -> None:
    found = WORD.match(f"{word}: BB")
    assert found
    assert found[0] == word


@pytest.mark.parametrize("word", ["text", "receiver-2", "hello", "R", "A"])
def test_other_words_are_none(word: str) -> None:
    assert WORD.fullmatch(word) is None


def test_arrows_are_those_between_two_sides() -> None:
    assert ARROW.findall("a -> b <= c >>") == ["->", "<=", ">>"]


def test_a_port_is_named_with_an_arrow_or_without() -> None:
    assert [*map(names_port, ("COM3", "COM3 <<", "COM3 RX", "RX", ""))] == [True, True, False, False, False]
