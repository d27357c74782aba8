"""Directions and times in unusual places of a line."""

import pytest

from sniffer.formats.text_files.hex_lines.words_around import (
    find_last_way,
    find_time_after,
    find_topic,
    find_way_after,
)


@pytest.mark.parametrize(("name", "way"), [("uart rx:", "rx"), ("RX len=", "RX"), ("text:", ""), ("data in:", "")])
def test_the_last_word_of_a_name_may_be_a_direction(name: str, way: str) -> None:
    assert find_last_way(name) == way


@pytest.mark.parametrize(("line", "way"), [("BB 00 (sent)", "sent"), ("BB 00 [RX]", "RX"), ("BB 00 -", "")])
def test_a_direction_may_stand_after_the_bytes(line: str, way: str) -> None:
    assert find_way_after(line, 5) == way


@pytest.mark.parametrize(
    ("line", "time"),
    [("BB 00 @ 00:00:01.5", 1500), ("BB 00 (at 00:00:02)", 2000), ("BB 00 0.5", None)],
)
def test_a_time_of_day_may_stand_after_the_bytes(line: str, time: int | None) -> None:
    found = find_time_after(line, 5)
    assert (found.time // 1_000_000 if found else None) == time


def test_the_last_part_of_a_topic_may_be_a_direction() -> None:
    assert [find_topic(word) for word in ("evse/uart/rx", "evse/uart", "rx")] == ["rx", "", ""]
