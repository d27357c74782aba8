"""The charger's log as other programs carry it: JSON, CSV, HTML, answered mail, other spaces, marks after lines."""

import json
from base64 import b64encode
from collections.abc import Callable
from html import escape
from textwrap import wrap

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.formats.text_files.carriers.log_carrier import find_carrier
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape

FRAME = "717 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC"
OTHER = "718 2023-11-30T00:00:49+0000 [comproc] =>pwrboard:AA EE EE 04 01 01 BF 44"
TEXT = "719 2023-11-30T00:00:50+0000 [comproc] Com boot!"
OCPP = '720 2023-11-30T00:00:50+0000 [ocpp] =>CSMS:[3,"a",{"status":"Accepted"}]'
LINES = [FRAME, OTHER, TEXT, OCPP]


def read(text: str) -> list[LogLine]:
    shape = find_text_shape(text.encode())
    assert shape is not None
    reader = TextReader(shape)
    items = [*reader.feed(text.encode()), *reader.finish()]
    return [item for item in items if isinstance(item, LogLine)]


PLAIN = read("\n".join(LINES))


@pytest.mark.parametrize(
    "carry",
    [
        pytest.param(lambda line: json.dumps({"log": f"{line}\n", "stream": "stdout", "time": "x"}), id="docker"),
        pytest.param(lambda line: json.dumps({"level": 30, "host": "bench", "msg": line}), id="object"),
        pytest.param(lambda line: '"Nov 30, 2023","' + line.replace('"', '""') + '",bench', id="table"),
        pytest.param(lambda line: f"<tr><td>{escape(line)}</td></tr>", id="page"),
        pytest.param(lambda line: f"<tr><td>INFO</td> <td>{escape(line)}</td></tr>", id="cells"),
        pytest.param(lambda line: f"{escape(line).replace(' ', '&nbsp;')}<br>", id="page with spaces"),
        pytest.param(lambda line: b64encode(line.encode()).decode(), id="encoded lines"),
        pytest.param(lambda line: json.dumps({"id": 1, "data": b64encode(line.encode()).decode()}), id="queue"),
        pytest.param(lambda line: line.replace(" ", "\xa0"), id="spaces"),
        pytest.param(lambda line: json.dumps({"result": [{"values": [["1", line]]}]}), id="nested objects"),
        pytest.param(lambda line: json.dumps([line]), id="list"),
        pytest.param(lambda line: f"<msg><![CDATA[{line}]]></msg>", id="xml"),
        pytest.param(lambda line: line.replace("=>", "\u21d2").replace("<=", "\u2264"), id="arrows"),
        pytest.param(lambda line: f"[32m{line}[0m", id="rest of a colour"),
        pytest.param(lambda line: f"{line}#033[0m", id="escaped colour"),
        pytest.param(lambda line: line.replace("[comproc]", "[comproc]^[[m^[[K"), id="codes without numbers"),
        pytest.param(lambda line: line.replace("pwrboard:", "pwrboard[m[K:"), id="rest of codes without numbers"),
        pytest.param(lambda line: f"{line}^M", id="carriage return"),
        pytest.param(lambda line: f"| {line} |", id="cell"),
        pytest.param(lambda line: f"\x1b]8;;file:///x\x1b\\{line}\x1b]8;;\x1b\\", id="link"),
    ],
)
def test_lines_read_as_the_charger_printed_them(carry: Callable[[str], str]) -> None:
    assert read("\n".join(map(carry, LINES))) == PLAIN


def test_an_answered_mail_wraps_the_lines() -> None:
    text = "\n".join(f"> > {part}" for line in LINES for part in wrap(line, 60))
    assert [line.frame for line in read(text) if line.frame] == [line.frame for line in PLAIN if line.frame]


def test_a_log_without_times_has_those_of_its_carrier() -> None:
    carried = json.dumps({"time": "2023-11-30T09:00:00.5Z", "log": "[comproc] =>pwrboard:AA EE EE 04 01 01 BF 44\n"})
    [line] = read(carried)
    assert line.time == 1_701_334_800_500_000_000
    assert (line.process, line.frame) == ("comproc", bytes.fromhex("AAEEEE040101BF44"))


@pytest.mark.parametrize("lines", [LINES, [f"[10:00:01] {line}" for line in LINES], [TEXT, OCPP], []])
def test_lines_after_a_prefix_have_no_carrier(lines: list[str]) -> None:
    assert find_carrier(lines) is None


def test_a_word_in_brackets_is_no_rest_of_a_colour() -> None:
    text = "719 2023-11-30T00:00:50+0000 [main] [mem_used]: 7, [4K]"
    assert [(line.process, line.text) for line in read(f"[32m{FRAME}[0m\n{text}")][1:] == [
        ("main", "[mem_used]: 7, [4K]")
    ]


def test_what_stands_after_a_frame_is_no_mark_unless_the_frame_is_valid_without_it() -> None:
    assert find_carrier([f"{FRAME} 00 |", f"{OTHER} 00 |"]) is None


def test_lines_of_other_programs_stay_as_they_are() -> None:
    carrier = find_carrier([json.dumps({"log": FRAME})])
    assert carrier is not None
    assert [carrier.unwrap(line) for line in ("started", '{"a', "{}", '{"a": "b"}')] == [
        ["started"],
        ['{"a'],
        ["{}"],
        ["b"],
    ]


@pytest.mark.parametrize("end", ["<br>", r"\n", r"\r\n"])
def test_one_line_may_hold_all_lines(end: str) -> None:
    assert read(end.join(LINES)) == PLAIN


@pytest.mark.parametrize(
    "form", ["| {0} {1} | {2} |", '"{0} {1}","{2}","{3}"', "{0} {1},{2},{3}"], ids=["table", "cells", "plain cells"]
)
def test_the_parts_of_a_record_may_stand_in_cells(form: str) -> None:
    line = form.format("717", "2023-11-30T00:00:49+0000", "[comproc]", FRAME.partition("] ")[2])
    line = line if "{3}" in form else line.replace("[comproc]", FRAME.partition("+0000 ")[2])
    assert [one.frame for one in read(f"{line}\n{line}") if one.frame] == [PLAIN[0].frame] * 2


def test_the_head_of_an_answered_mail_has_no_mark() -> None:
    quoted = "\n".join(f"> {part}" for line in LINES for part in wrap(line, 60))
    found = read(f"Date: Thu, 30 Nov 2023 01:02:11 +0100\nSubject: Log\n\n{quoted}\nthanks => bye\n")
    assert [item.text for item in found if item.process] == [*(item.text for item in PLAIN), "thanks => bye"]
