"""Several commands that answer one, and one that answers several, as on boards with a common acknowledgement."""

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import Unanswered
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk
from tests.core.charger.helpers import READER_LINK

POLL = f"""{READER_LINK}
[[command]]
direction = "reader>host"
code = 0x40
name = "nothing new"
answers = [0x60, 0x69]
summary = ""
fields = []

[[command]]
direction = "reader>host"
code = 0x50
name = "card"
answers = 0x60
summary = ""
fields = []
"""


def test_each_of_several_answers_to_one_command_is_counted_by_itself() -> None:
    pipeline = Pipeline(load(packaged_files(), [("reader.toml", POLL)]))
    for sequence, code in enumerate((0x40, 0x40, 0x50)):
        for body in (bytes([0xC1, 0x60, sequence]), bytes([0xC2, code, sequence])):
            pipeline.feed(Chunk(body + bytes([sum(body) % 256]), sequence))
    commands = pipeline.snapshot().exchanges.commands
    assert [(one.name, one.count, one.answered) for one in commands] == [
        ("command 60 (unknown)", 3, 3),
        ("nothing new", 2, 0),
        ("card", 1, 0),
    ]


def refer_all(text: str, *bodies: str) -> tuple[list[int | None], list[tuple[int, int]]]:
    """Return the number that each frame with these bytes before its check answers, and the counts of the commands."""
    pipeline = Pipeline(load(packaged_files(), [("reader.toml", text)]))
    refers = []
    for time, body in enumerate(map(bytes.fromhex, bodies)):
        for record in pipeline.feed(Chunk(body + bytes([sum(body) % 256]), time)):
            refers.append(record.refers.number if record.refers and record.refers.kind == "answers" else None)
    return refers, [(one.count, one.answered) for one in pipeline.snapshot().exchanges.commands]


def test_one_command_may_answer_several() -> None:
    bodies = ("C1 60 01", "C2 40 01", "C1 69 02", "C2 40 02", "C1 60 03", "C2 50 03", "C1 60 04", "C2 40 04")
    refers, counts = refer_all(POLL, *bodies)
    assert refers == [None, 1, None, 3, None, 5, None, 7]
    assert counts == [(3, 3), (3, 0), (1, 1), (1, 0)]


def test_what_answers_several_commands_answers_the_last_request_where_only_an_address_is_repeated() -> None:
    request = '[[command]]\ndirection = "host>reader"\ncode = {}\nname = "{}"\nsummary = ""\nfields = []\n'
    text = POLL.replace("sequence = {", "address = {") + request.format("0x60", "a") + request.format("0x69", "b")
    refers, counts = refer_all(text, "C1 60 01", "C2 40 01", "C1 69 01", "C2 40 01", "C1 60 01", "C2 40 01")
    assert refers == [None, 1, None, 3, None, 5]
    assert counts == [(2, 2), (3, 0), (1, 1)]


COINS = """\
[[link]]
name = "coins"
heads = { "host>device" = "", "device>host" = "" }
address = { at = { "host>device" = 0, "device>host" = 2 } }
direction = { at = 0, "host>device" = "0x02-0xFF", "device>host" = 1 }
length = { at = 1, adds = 5 }
command = { at = 3 }
payload = 4
check = { name = "sum" }

[[command]]
direction = "host>device"
code = 254
name = "poll"
summary = ""
fields = []

[[command]]
direction = "device>host"
code = 0
name = "answer"
answers = [254]
summary = ""
fields = []
"""


def test_an_answer_may_have_the_address_of_its_request_at_another_place() -> None:
    """As in ccTalk, whose frames begin with a destination, and have their source after the length."""
    polls, answers = ("02 00 01 FE", "03 00 01 FE"), ("01 00 02 00", "01 00 03 00")
    assert refer_all(COINS, *polls, *answers)[0] == [None, None, 1, 2]
    assert refer_all(COINS, polls[0], answers[1], answers[0])[0] == [None, None, 1]


@pytest.mark.parametrize("code", ["FD", "FE"])
def test_a_request_that_no_command_describes_is_paired_with_what_answers_its_code(code: str) -> None:
    only_answers = COINS.replace("code = 254", "code = 250").replace("answers = [254]", "answers = [253, 254]")
    refers, counts = refer_all(only_answers, *(f"02 00 01 {code}", "01 00 02 00") * 2)
    assert refers == [None, 1, None, 3]
    assert counts == [(2, 2), (2, 0)]


SIZES = """\
[[link]]
name = "meter"
heads = { "a>b" = "5A", "b>a" = "5B" }
length = { at = 1, adds = 3 }
payload = 2
check = { name = "sum" }

[[command]]
direction = "a>b"
code = 0
name = "ask"
summary = ""
fields = []
"""
ANSWER = """\
[[command]]
direction = "b>a"
code = 0
name = "{}"
answers = true
summary = ""
fields = [{{ name = "value", size = {} }}]
"""
ASK, ONE, TWO, THREE = "5A 00", "5B 01 01", "5B 02 01 02", "5B 03 01 02 03"


@pytest.mark.parametrize(
    "sizes", [(ONE, TWO, THREE, ONE), (THREE, ONE, TWO, ONE)], ids=["known first", "unknown first"]
)
def test_frames_of_one_code_are_answers_whatever_their_size(sizes: tuple[str, ...]) -> None:
    text = SIZES + ANSWER.format("one", 1) + ANSWER.format("two", 2)
    refers, counts = refer_all(text, *(body for size in sizes for body in (ASK, size)))
    assert refers == [None, 1, None, 3, None, 5, None, 7]
    assert counts == [(4, 4), (4, 0)]


def test_commands_of_one_code_are_counted_together_under_all_names_that_came() -> None:
    definition = load(packaged_files(), [("meter.toml", SIZES + ANSWER.format("one", 1) + ANSWER.format("two", 2))])
    pipeline = Pipeline(definition)
    for body in map(bytes.fromhex, (ASK, THREE, ASK, ONE, ASK, TWO)):
        pipeline.feed(Chunk(body + bytes([sum(body) % 256])))
    assert [one.name for one in pipeline.snapshot().exchanges.commands] == ["ask", "one / two"]


def test_without_a_sequence_the_same_poll_again_is_a_new_one_and_gets_the_answer() -> None:
    pipeline = Pipeline(load(packaged_files(), [("meter.toml", SIZES + ANSWER.format("one", 1))]))
    bodies = enumerate(map(bytes.fromhex, (ASK, ONE, ASK, ASK, ONE)))
    records = [
        one
        for at, body in bodies
        for one in pipeline.feed(Chunk(body + bytes([sum(body) % 256]), at * 100 * MILLISECOND + 1))
    ]
    assert [one.refers and (one.refers.kind, one.refers.number) for one in records] == [
        None,
        ("answers", 1),
        None,
        None,
        ("answers", 4),
    ]
    assert [event.asked.number for event in records[3].events if isinstance(event, Unanswered)] == [3]
    assert [(one.count, one.answered, one.unanswered) for one in pipeline.snapshot().exchanges.commands] == [
        (3, 2, 1),
        (2, 0, 0),
    ]
