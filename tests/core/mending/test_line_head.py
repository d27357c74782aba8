"""The misread beginning of a line: number, time and process."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.mending.line_head import read_head
from sniffer.core.mending.word_mender import WordMender

WORDS = WordMender(())
AT = 1701302447 * SECOND


@pytest.mark.parametrize(
    ("line", "time", "number"),
    [
        ("714 2023-11-30T00:00:4740000 [ocpp) text", AT, 714),
        ("714 2023-11-30100:00:47+0000 [ocpp] text", AT, 714),
        ("2023-11-30T00.00;47+0000 ([ocpp] text", AT, None),
        ("714 2023 -11-30T00: 00:47+0000 [ocpp] text", AT, 714),
        ("“714: '2023- 11-30T00;00:47+0000 [ocpp] text", AT, 714),
        ("714 2023-11-30T00:00:475+0000 [ocpp] text", None, 714),
        ("2023-11-30T00:00:47+0000 Locpp] text", AT, None),
        ("2023-@3-3OT8:00: 474+0000 fcomproc} text", None, None),
        ("2023-11-30T00:00:47+0000 Ccomproc] text", AT, None),
        ("[ocpp)] text", None, None),
        ("[ocp] text", None, None),
    ],
)
def test_the_marks_of_a_time_are_mended_and_never_its_digits(line, time, number):
    head = read_head(line, WORDS)
    assert head
    process = "comproc" if "com" in line else "ocpp"
    assert (head.time, head.number, head.process, line[head.start :]) == (time, number, process, "text")


def test_it_says_what_was_mended():
    head = read_head("714 2023-11-30T00:00:4740000 [ocpp) text", WORDS)
    assert head
    assert [(one.at, one.read, one.mended) for one in head.mended] == [
        (4, "2023-11-30T00:00:4740000", "2023-11-30T00:00:47+0000"),
        (29, "[ocpp)", "[ocpp]"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "text",
        "[other] text",
        "[of text",
        "2023-11-30T00:00:47+0000 text",
        "text of some words ocpp] text",
        "9" * 100_000,
    ],
)
def test_a_line_that_names_no_process_has_no_beginning(line):
    assert read_head(line, WORDS) is None


def test_a_time_that_is_none_is_left_out():
    head = read_head("2023-13-30T00:00:47+0000 [ocpp] text", WORDS)
    assert head
    assert head.time is None
