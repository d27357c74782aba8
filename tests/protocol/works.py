"""A definition put to work: everything that shows what it says, on whatever comes over the wire."""

from sniffer.explain import explain
from sniffer.formats import jsonl
from sniffer.formats.textlog import parse_line
from sniffer.pipeline import Pipeline
from sniffer.protocol.codec import Codec
from sniffer.tui.connector import pilot_text
from sniffer.tui.diagram import Machine, draw
from sniffer.tui.sheet import sheet
from sniffer.wire.frame import Chunk
from sniffer.wording import row
from tests.known_frames import KNOWN_FRAMES
from tests.protocol.frames import frame, values_of
from tests.protocol.test_loglines import UNDERSTOOD

LINES = [f"{known.arrow}:{known.text}" for known in KNOWN_FRAMES] + list(UNDERSTOOD)
PATTERN = b"\xff\x00\x01\x08\x0e\x99'{}\\\x1b"


def assert_works(definition):
    """Nothing that this definition says fails when it is decoded, encoded or shown."""
    pipeline = Pipeline(definition)
    items = [parse_line(line) for line in LINES]
    items += [parse_line(line.pattern.replace("{", "").replace("}", "7")) for line in definition.lines]
    items += [Chunk(payload.raw, 0) for command in definition.commands for payload in frames_of(command)]
    for item in items:
        for record in pipeline.feed(item):
            assert list(jsonl.lines(record, definition, None))
            assert row(record)
            assert sheet(record, definition).name
            if hasattr(record.item, "frame"):
                assert explain([record.item.frame.raw.hex(" ")], definition)
    snapshot = pipeline.snapshot()
    assert snapshot.ledger.waiting == 0
    for connector in snapshot.connectors:
        assert draw(Machine(definition.transitions, connector.status), [*definition.transitions], 40, boxed=True)
        assert connector.cp_voltage is None or pilot_text(definition, connector.cp_voltage)
    assert_encodes(definition)


def frames_of(command):
    """Frames of this command with payloads of its size, shorter and longer."""
    size = min(8 if command.size is None else command.size, 200)
    for count in {0, 1, size, size + 1}:
        yield frame(command.route, command.code, (PATTERN * 20)[:count])


def assert_encodes(definition):
    """What was decoded whole says the same when it is encoded again."""
    codec = Codec(definition)
    for command in definition.commands:
        for sent in frames_of(command):
            message = codec.decode(sent)
            if message.command is command and not message.problem and "undefined" not in values_of(message):
                assert codec.encode(command, sent.sequence, values_of(message)) == sent.raw
