"""Measure framing, decoding and folding against construct's compiled parser, and the fold against decoding alone."""

from statistics import median
from time import process_time

from construct import Bytes, Int8ub, Int16ub, Struct, this  # type: ignore[import-untyped]

from sniffer.core.charger.charger import Charger
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from tests.benchmarks.equipment.traffic import charging_frames, frames_of_20_bytes, reads
from tests.benchmarks.measure import Ratio, ratio

FRAMES = 20_000
ROUNDS = 21
READ_EVERY = 355_000_000
"""The nanoseconds that 4 KB take at 115200 baud."""

PARSER = Struct(
    "head" / Int8ub,
    "sequence" / Int16ub,
    "command" / Int8ub,
    "length" / Int8ub,
    "payload" / Bytes(this.length),
    "crc" / Int16ub,
).compile()


def measure() -> list[Ratio]:
    """Return the ratios. The frames are a stream for us, and cut already for construct."""
    return [
        _against_construct("20-byte frames", frames_of_20_bytes(FRAMES), at_least=1.6),
        _against_construct("a charging session", charging_frames(FRAMES), at_least=1.6),
        _fold_against_decoding(charging_frames(FRAMES)),
    ]


def _against_construct(what: str, frames: list[bytes], *, at_least: float) -> Ratio:
    pieces = reads(b"".join(frames))
    definition = packaged_definition()

    def ours() -> None:
        framer, codec, charger = Framer(baud=115200), Codec(definition), Charger(definition)
        count = 0
        for number, piece in enumerate(pieces, 1):
            items = framer.feed(piece, number * READ_EVERY)
            messages = [codec.decode(item) if isinstance(item, Frame) else item for item in items]
            charger.apply_all(messages, count + 1)
            count += len(messages)
        assert count == len(frames)

    def theirs() -> None:
        for frame in frames:
            PARSER.parse(frame)

    return ratio(f"wire, protocol and fold / construct, {what}", ours, theirs, at_least=at_least, rounds=ROUNDS)


def _fold_against_decoding(frames: list[bytes]) -> Ratio:
    """Return the ratio for reads that are decoded, then folded, as in a session: messages are still in the processor's
    cache.
    """
    framer, codec = Framer(baud=115200), Codec(packaged_definition())
    pieces = [framer.feed(piece, number * READ_EVERY) for number, piece in enumerate(reads(b"".join(frames)), 1)]
    decoding, folding = [], []
    for _ in range(ROUNDS):
        charger, count = Charger(packaged_definition()), 0
        decoded = folded = 0.0
        for piece in pieces:
            begin = process_time()
            messages = [codec.decode(frame) for frame in piece if isinstance(frame, Frame)]
            between = process_time()
            charger.apply_all(messages, count + 1)
            count += len(messages)
            decoded, folded = decoded + between - begin, folded + process_time() - between
        assert charger.snapshot().ledger.frames == len(frames)
        decoding.append(decoded)
        folding.append(folded)
    ours, reference = median(folding), median(decoding)
    return Ratio("fold / decoding alone, a charging session", reference / ours, 0.3, ours, reference)
