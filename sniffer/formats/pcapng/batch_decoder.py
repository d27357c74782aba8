"""The decoder of packet batches: it finds and decodes the frames in plain packets, independently of all others.

In: a `PacketBatch`. Out: its runs of whole frames, packed (`sniffer.formats.pcapng.packet_batch`). It keeps nothing
from one batch to the next, so batches may be decoded by several processes in any order. Nothing is decided here that
depends on earlier packets: a packet that is not plain, or not exactly one frame, is in no run.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.pcapng.packet_batch import DecodedRun, PacketBatch, RunWriter, StreamEnd
from sniffer.formats.pcapng.plain_run import PlainRun, PlainRunParser
from sniffer.formats.pcapng.reader import CaptureReader

_INTERFACES = bytes(stream >> 2 for stream in range(256))
"""The number of the interface of each stream."""


class BatchDecoder:
    """Decodes batches by one definition."""

    def __init__(self, definition: Definition) -> None:
        routes = definition.links.routes_in_bytes
        self._framer = Framer(routes)
        # The packets of other programs are framed before the definition is known.
        self._foreign_framer = Framer() if {*routes} != {*ROUTES_IN_BYTES} else None
        self._codec = Codec(definition)
        self._writer = RunWriter(definition)

    def decode(self, batch: PacketBatch) -> bytes:
        """Return the runs of a batch, packed."""
        return self._writer.pack(self._decode_runs(batch))

    def _decode_runs(self, batch: PacketBatch) -> Iterator[DecodedRun]:
        """Yield the runs of a batch."""
        data, order, interfaces, shapes = batch
        shape_of = {id(interface): shape for interface, shape in zip(interfaces, shapes, strict=True)}
        parser = PlainRunParser(lambda interface: shape_of[id(interface)])
        reader = CaptureReader.of_section(order, interfaces)
        at = 0
        while at < len(data):
            plain = parser.parse(data, at, order, interfaces)
            if plain is None:
                at = reader.measure_block(data, at)[1]
            else:
                yield from self._decode_run(plain, data, at, reader)
                at = plain.end

    def _decode_run(self, plain: PlainRun, data: bytes, at: int, reader: CaptureReader) -> Iterator[DecodedRun]:
        """Yield the parts of a run whose packets are one whole frame each. The run begins at the offset `at`."""
        frames = self._parse_frames(plain)
        count = len(frames)
        kinds = [None if frame is None else frame.time is None for frame in frames]
        if None not in kinds and kinds.count(kinds[0]) == count:
            yield self._build_run(plain, frames, 0, (at, plain.end), plain.last_time)
            return
        offsets = [at]
        for _ in frames:
            offsets.append(reader.measure_block(data, offsets[-1])[1])
        first = 0
        for kind, part in groupby(kinds):
            end = first + sum(1 for _ in part)
            if kind is not None:
                packets = (
                    reader.parse_alone(data, offsets[one], offsets[one + 1]) for one in reversed(range(first, end))
                )
                last_time = next((found[1].time for found in packets if found and found[1].time), None)
                yield self._build_run(plain, frames[first:end], first, (offsets[first], offsets[end]), last_time)
            first = end

    def _parse_frames(self, plain: PlainRun) -> list[Frame | None]:
        """Return the frame in each packet of a run; None where its bytes are anything else than one whole frame."""
        parse_whole, foreign = self._framer.parse_whole, self._foreign_framer
        if foreign is None or plain.is_ours:
            return [parse_whole(raw, time) for raw, time in plain.pieces]
        return [parse_whole(raw, time) if foreign.parse_whole(raw, None) else None for raw, time in plain.pieces]

    def _build_run(
        self,
        plain: PlainRun,
        frames: Sequence[Frame | None],
        first: int,
        place: tuple[int, int],
        last_time: int | None,
    ) -> DecodedRun:
        """Return the run of these frames, which begin with the packet `first` of a run. `place` are its offsets."""
        decode = self._codec.decode
        streams = plain.streams[first : first + len(frames)]
        messages = [decode(frame) for frame in frames if frame is not None]
        ends = []
        for stream in {*streams}:
            raw, time = plain.pieces[first + streams.rindex(stream)]
            ends.append(StreamEnd(stream >> 2, stream & 3, time, len(raw)))
        size = sum(len(message.frame.raw) for message in messages)
        return DecodedRun(*place, messages, bytes(streams.translate(_INTERFACES)), size, last_time, ends)
