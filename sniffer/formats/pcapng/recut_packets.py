"""The packets of this program whose cuts do not fit the links that a capture is read with: they are framed again.

In: the items of a packet. Out: pieces and other items in their order. All bytes of a tap are one stream, in which
frames may go on across packets. Where no frame is found, noise keeps the cuts of its packets. The pauses within a
packet were not recorded: a frame in it has the earliest time at which its bytes can have arrived.

A note on a packet stays with its bytes; if one frame has the bytes of several packets, it has all of their notes. A
note that names a record by its number says so in words, once records have other numbers than in the recording.
"""

from collections.abc import Hashable, Iterable

from sniffer.base.times import SECOND
from sniffer.core.wire.framer import BITS_PER_BYTE
from sniffer.core.wire.items import BaudChange, Note, Segments, TapGap, TapRestored
from sniffer.core.wire.packet_framer import FramedPiece, OwnPacket, PacketFramer
from sniffer.formats.pcapng.foreign_packets import CaptureItem, Due


class RecutPackets:
    """The packets of one capture. `framer` is that of all of its streams.

    `is_renumbered` is True as soon as a piece was returned that is not exactly one packet.
    """

    def __init__(self, framer: PacketFramer[CaptureItem]) -> None:
        self._framer = framer
        self._byte_times: dict[int, int] = {}
        self.is_renumbered = False

    def pass_frame(self, tap: int, raw: bytes, time: int | None) -> bool:
        """Return True if a packet of nothing but bytes is one whole frame and has its turn. If not, it is to be read.

        This is the short way of most packets.
        """
        return self._framer.pass_frame(_key_of(tap), raw, time)

    def begin(self, tap: int, baud: int) -> None:
        """Begin with the packets of a tap at this rate in bits per second; 0 if it is not known."""
        self._byte_times[tap] = BITS_PER_BYTE * SECOND // baud if baud else 0

    def read(self, items: Iterable[CaptureItem], tap: int) -> Due:
        """Return the items that a packet of a tap completes, from the items that it holds."""
        framer, note = self._framer, ""
        due: Due = []
        for item in items:
            if isinstance(item, Note) and item.number is None:
                note = item.text
                continue
            if isinstance(item, Segments):
                own = OwnPacket(tap, self._byte_times[tap], note)
                for raw, time in item.pieces:
                    due += framer.feed(_key_of(tap), raw, time, item.marks, own)
                note = ""
                continue
            if isinstance(item, TapGap | TapRestored):
                # No frame goes on after a loss.
                due += framer.cut([_key_of(tap)])
            if isinstance(item, BaudChange):
                self.begin(tap, item.baud or 0)
            if note:
                due += framer.place(Note(note))
                note = ""
            due += framer.place(item)
        return due

    def count(self, piece: FramedPiece) -> None:
        """Count a piece that was returned."""
        self.is_renumbered = self.is_renumbered or piece.is_new

    def translate(self, note: Note) -> Note:
        """Return a note on a record of the recording as one of this session."""
        if note.number is None or not self.is_renumbered:
            return note
        if not note.text:
            return Note(f"the note on record {note.number} of the recording was removed")
        return Note(f"on record {note.number} of the recording: {note.text}")


def _key_of(tap: int) -> Hashable:
    """Return the key of the stream of a tap, which no line of another program has."""
    return "tap", tap
