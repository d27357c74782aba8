"""The decoder of the pieces of a capture: it finds and decodes the frames in plain packets, ahead of the reader.

In: the bytes of a pcapng in pieces, from the begin of a block on, and the section that they are in. Out: how many of
the bytes are whole blocks, and the runs of whole frames in these, packed (`sniffer.formats.pcapng.decoded_run`).
Nothing is decided here that depends on earlier packets: a packet that is not plain, or not exactly one frame, is in no
run. After a description of a section or of an interface there are no runs until the section is set anew, and after
damage there are none at all: the sequential reader finds the error.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import groupby

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.pcapng.blocks import BYTE_ORDER_MAGIC, INTERFACE_DESCRIPTION, LONGEST_BLOCK, SECTION_HEADER
from sniffer.formats.pcapng.decoded_run import CaptureSection, DecodedRun, RunWriter, StreamEnd
from sniffer.formats.pcapng.plain_run import PlainRun, PlainRunParser
from sniffer.formats.pcapng.reader import SHORTEST_BLOCK, CaptureReader

_INTERFACES = bytes(stream >> 2 for stream in range(256))
"""The number of the interface of each stream."""

_ORDERS = {struct.pack(f"{order}I", BYTE_ORDER_MAGIC): order for order in "<>"}
_DESCRIPTIONS = (SECTION_HEADER, INTERFACE_DESCRIPTION)


class PieceDecoder:
    """Decodes the pieces of one capture by one definition, in a section of it."""

    def __init__(self, definition: Definition, section: CaptureSection) -> None:
        routes = definition.links.routes_in_bytes
        self._framer = Framer(routes)
        # The packets of other programs are framed before the definition is known.
        self._foreign_framer = Framer() if {*routes} != {*ROUTES_IN_BYTES} else None
        self._codec = Codec(definition)
        self._writer = RunWriter(definition)
        self._rest = b""
        self._is_damaged = False
        self._begin_section(section.order)
        self.set_section(section)

    def set_section(self, section: CaptureSection) -> None:
        """Set the section of all bytes that were given so far: its description was read up to there."""
        self._section, self._is_described = section, True
        self._reader = CaptureReader.of_section(section.order, section.interfaces)
        shape_of = {id(one): shape for one, shape in zip(section.interfaces, section.shapes, strict=True)}
        self._parser = PlainRunParser(lambda interface: shape_of[id(interface)])

    def decode(self, data: bytes) -> bytes:
        """Return the size and the runs, packed, of the whole blocks in what is left of the last piece and in this one.

        What follows the last whole block is left for the next piece.
        """
        data, self._rest = self._rest + data, b""
        runs: list[DecodedRun] = []
        size = self._parse_blocks(data, runs)
        self._rest = data[size:]
        return self._writer.pack(size, runs)

    def _parse_blocks(self, data: bytes, runs: list[DecodedRun]) -> int:
        """Add the runs in these bytes, and return the size of the whole blocks: all there is if they are damaged."""
        at, size = 0, len(data)
        while at + SHORTEST_BLOCK <= size and not self._is_damaged:
            plain = self._parse_plain(data, at)
            if plain:
                runs += self._decode_run(plain, data, at)
                at = plain.end
                continue
            kind, total = self._head.unpack_from(data, at)
            if kind == SECTION_HEADER:
                self._begin_section(_ORDERS.get(data[at + 8 : at + 12], ""))
                kind, total = self._head.unpack_from(data, at)
            end = at + total + -total % 4
            if not SHORTEST_BLOCK <= total <= LONGEST_BLOCK:
                self._is_damaged = True
            if self._is_damaged or end > size:
                break
            if kind in _DESCRIPTIONS:
                self._is_described = False
            at = end
        return size if self._is_damaged else at

    def _begin_section(self, order: str) -> None:
        """Begin a section with numbers in this byte order; a section without one is damaged."""
        self._is_damaged = not order
        self._head = struct.Struct(f"{order}II")

    def _parse_plain(self, data: bytes, at: int) -> PlainRun | None:
        """Return the run that begins with the block at `at`; None if it is in no run, or not described yet."""
        section = self._section
        return self._parser.parse(data, at, section.order, section.interfaces) if self._is_described else None

    def _decode_run(self, plain: PlainRun, data: bytes, at: int) -> Iterator[DecodedRun]:
        """Yield the parts of a run whose packets are one whole frame each. The run begins at the offset `at`."""
        frames = self._parse_frames(plain)
        count = len(frames)
        kinds = [None if frame is None else frame.time is None for frame in frames]
        if None not in kinds and kinds.count(kinds[0]) == count:
            yield self._build_run(plain, frames, 0, (at, plain.end), plain.last_time)
            return
        offsets = [at]
        for _ in frames:
            offsets.append(self._reader.measure_block(data, offsets[-1])[1])
        first = 0
        for kind, part in groupby(kinds):
            end = first + sum(1 for _ in part)
            if kind is not None:
                packets = (
                    self._reader.parse_alone(data, offsets[one], offsets[one + 1])
                    for one in reversed(range(first, end))
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
