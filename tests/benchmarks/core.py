"""Framing, decoding and folding together against construct's compiled parser, which only cuts the same frames up."""

from construct import Bytes, Int8ub, Int16ub, Struct, this

from sniffer.charger.charger import Charger
from sniffer.protocol.codec import Codec
from sniffer.protocol.loader import packaged_definition
from sniffer.wire.frame import Frame
from sniffer.wire.framer import Framer
from tests.benchmarks.measure import Ratio, ratio
from tests.benchmarks.traffic import charging_frames, frames_of_20_bytes, reads

FRAMES = 60_000

PARSER = Struct(
    "head" / Int8ub,
    "sequence" / Int16ub,
    "command" / Int8ub,
    "length" / Int8ub,
    "payload" / Bytes(this.length),
    "crc" / Int16ub,
).compile()


def measure() -> list[Ratio]:
    """The same frames, once as a stream for us, once already cut for construct."""
    return [
        _against_construct("a charging session", charging_frames(FRAMES)),
        _against_construct("20-byte frames", frames_of_20_bytes(FRAMES)),
    ]


def _against_construct(what: str, frames: list[bytes]) -> Ratio:
    pieces = reads(b"".join(frames))
    definition = packaged_definition()

    def ours() -> None:
        framer, codec, charger = Framer(baud=115200), Codec(definition), Charger(definition)
        count = 0
        for number, piece in enumerate(pieces):
            for item in framer.feed(piece, number):
                charger.apply(codec.decode(item) if isinstance(item, Frame) else item)
                count += 1
        assert count == len(frames)

    def theirs() -> None:
        for frame in frames:
            PARSER.parse(frame)

    return ratio(f"wire, protocol and fold / construct, {what}", ours, theirs, at_least=1.0, rounds=7)
