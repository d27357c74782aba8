"""Several commands that answer one, and one that answers several, as on boards with a common acknowledgement."""

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk

POLL = """\
[[link]]
name = "reader"
heads = { "host>reader" = "C1", "reader>host" = "C2" }
command = { at = 1 }
sequence = { at = 2 }
sizes = [{ size = 4 }]
payload = 3
check = { name = "sum" }

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
