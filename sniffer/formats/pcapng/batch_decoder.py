"""The decoder of packet batches: it finds and decodes the frames in plain packets, independently of all others.

In: a `PacketBatch`. Out: its runs of whole frames, packed (`sniffer.formats.pcapng.packet_batch`). It keeps nothing
from one batch to the next, so batches may be decoded by several processes in any order. Nothing is decided here that
depends on earlier packets: a packet that is not plain, or not exactly one frame, is in no run.
"""

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.framer import Framer
from sniffer.formats.pcapng.blocks import ENHANCED_PACKET
from sniffer.formats.pcapng.packet import PLAIN_EVENTS, Packet, PacketShape
from sniffer.formats.pcapng.packet_batch import PacketBatch, RunColumns, pack_runs
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET, HEADER_SIZE


class BatchDecoder:
    """Decodes batches by one definition."""

    def __init__(self, definition: Definition) -> None:
        self._framer = Framer(definition.links.routes_in_bytes)
        self._foreign_framer = Framer()
        """The packets of other programs are framed before the definition is known."""
        self._codec = Codec(definition)
        self._routes = {route: number for number, route in enumerate(definition.links.all_routes)}
        self._commands = {id(command): number for number, command in enumerate(definition.commands)}

    def decode(self, batch: PacketBatch) -> bytes:
        """Return the runs of a batch, packed."""
        data, _, _, shapes = batch
        reader = CaptureReader.of_section(batch.order, batch.interfaces)
        runs: list[RunColumns] = []
        run: RunColumns | None = None
        before: PacketShape | None = None
        at = 0
        while at < len(data):
            kind, end = reader.measure_block(data, at)
            found = reader.parse_alone(data, at, end) if kind == ENHANCED_PACKET else None
            shape = shapes[found[0]] if found else None
            message = self._decode_packet(found[1], shape) if found and shape else None
            if not found or not shape or not message:
                run = None
            else:
                number, packet = found
                frame = message.frame
                is_timed = frame.time is not None
                if run is None or before is None or run.is_timed != is_timed or before.is_ours != shape.is_ours:
                    run = RunColumns(at, is_timed=is_timed)
                    runs.append(run)
                before = shape
                command = -1 if message.command is None else self._commands[id(message.command)]
                run.add(message, self._routes[frame.route], command, number)
                run.end = end
                run.last_time = packet.time or run.last_time
                run.ends[number, shape.find_direction(packet)] = packet.time, len(frame.raw)
            at = end
        return pack_runs(runs)

    def _decode_packet(self, packet: Packet, shape: PacketShape) -> Message | None:
        """Return the message in a packet; None if its bytes are anything else than one whole frame."""
        data = packet.data
        if shape.find_direction(packet) < 0 or (shape.is_ours and data[EVENT_OFFSET:HEADER_SIZE] not in PLAIN_EVENTS):
            return None
        raw = data[shape.header_size :]
        if not shape.is_ours and self._foreign_framer.parse_whole(raw, None) is None:
            return None
        frame = self._framer.parse_whole(raw, packet.time if shape.has_times else None)
        return self._codec.decode(frame) if frame else None
