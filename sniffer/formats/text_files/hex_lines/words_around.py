"""Directions and times in unusual places around the bytes of a line: in a name, in a topic, or after them.

In: a line or a word of it. Out: the direction as it was printed, or the time.
"""

import re

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import WORD
from sniffer.formats.text_files.hex_lines.hex_search import UNCLEAR
from sniffer.formats.text_files.printed_time import PrintedTime, find_time

_TOPIC = compile_late(r"[\w.:@-]*/(?:[\w.:@-]*/)*(?P<way>\w+)\Z")
"""A topic of MQTT, of which the last part may be a direction."""

_WORD_AFTER = compile_late(r"[\[\])}>\"',;\s(]{1,8}([A-Za-z]{2,11})[\s)\].]{0,4}")
_NAMED_AFTER = compile_late(r"\b(?:dir(?:ection)?|way)[\"']?\s?[=:]\s?[\"']?([A-Za-z]{2,11})\b", re.IGNORECASE)
"""A direction with the name of its field, as in `data=BB.. direction=rx n=13`."""

_BEFORE_TIME = compile_late(r"[\s@|,;(\[]{1,8}(?:at\s)?")
_EPOCH_AFTER = compile_late(r"(?<=\s)(?:1[4-9]\d{8}|2[0-4]\d{8})(?:\d{3}){1,3}\Z")
_MOST_WORDS = 4


def find_last_way(name: str) -> str:
    """Return the last direction in a name of several words, as in `uart rx:` or `RX len=`; empty without one."""
    words = name.rstrip(" :=\"'").replace("_", " ").replace(".", " ").split()
    for word in words[:-_MOST_WORDS:-1] if len(words) > 1 else ():
        found = WORD.match(f"{word}:")
        if found and found.lastgroup == "way" and found.end() == len(word) and word.lower() not in UNCLEAR:
            return word
    return ""


def find_way_after(line: str, at: int) -> str:
    """Return the direction that is the last word of a line, or one with its name, after the bytes from this place on;
    empty without one.
    """
    found = (_WORD_AFTER.fullmatch(line, at) or _NAMED_AFTER.search(line, at)) if at < len(line) else None
    word = WORD.match(f"{found[1]}:") if found else None
    is_clear = word is not None and word.lastgroup == "way" and word[0].lower() not in UNCLEAR
    return found[1] if found and word and is_clear and word.end() == len(found[1]) else ""


def find_time_after(line: str, at: int) -> PrintedTime | None:
    """Return the time at the end of a line, after its bytes up to this place; None without one.

    It is one of day, or that since the epoch as databases print it.
    """
    if epoch := _EPOCH_AFTER.search(line, at):
        return find_time(f"{epoch[0]}|")
    before = _BEFORE_TIME.match(line, at)
    found = find_time(line, before.end()) if before else None
    is_last = found is not None and not line[found.end :].strip(" )]")
    return found if found and before and is_last and ":" in line[before.end() : found.end] else None


def find_topic(word: str) -> str:
    """Return the direction that ends a topic; empty if the word is none."""
    topic = _TOPIC.fullmatch(word)
    found = WORD.match(f"{topic['way']}:") if topic else None
    return topic["way"] if topic and found and found.end() == len(topic["way"]) else ""
