"""Runs of decoded frames between two processes."""

import pytest

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.formats.pcapng.blocks import OUTBOUND
from sniffer.formats.pcapng.decoded_run import DecodedRun, RunReader, RunWriter, StreamEnd
from tests.formats.pcapng.helpers import DEFINITION
from tests.known_frames import KNOWN_FRAMES


def messages(time: int | None) -> list[Message]:
    """Return the known frames of the power board, and one whose command is not known."""
    unknown = PWRBOARD.build(COM_TO_PWR.head, 1, 0xEE, b"")
    raws = [unknown, *(known.raw for known in KNOWN_FRAMES if known.raw[0] in (COM_TO_PWR.head[0], PWR_TO_COM.head[0]))]
    return [
        Codec(DEFINITION).decode(Frame(COM_TO_PWR if raw[0] == COM_TO_PWR.head[0] else PWR_TO_COM, time, raw))
        for raw in raws
    ]


@pytest.mark.parametrize("time", [None, 0, 1_700_000_000_000_000_001])
def test_a_run_is_the_same_after_the_pipe(time: int | None) -> None:
    sent = messages(time)
    size = sum(len(message.frame.raw) for message in sent)
    ends = [StreamEnd(3, OUTBOUND, time, 7)]
    packed = RunWriter(DEFINITION).pack(120, [DecodedRun(8, 99, sent, bytes([3]) * len(sent), size, time, ends)])
    piece_size, (run,) = RunReader(DEFINITION).read(packed)
    assert piece_size == 120
    assert run.messages == sent
    assert all(one.command is message.command for one, message in zip(run.messages, sent, strict=True))
    assert (run.begin, run.end, run.last_time) == (8, 99, time)
    assert run.interfaces == bytes([3]) * len(sent)
    assert (run.size, run.ends) == (size, ends)
