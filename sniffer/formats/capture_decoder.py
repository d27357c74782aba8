"""The decoder of captures: the bytes of a capture, pcapng or classic pcap, in; the items that any source gives out.

It does no I/O. `check_end` says how the capture ended: whole, cut off, or with packets that were skipped. Messages do
not name the file, as only the caller knows it.
"""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from sniffer.base.errors import CutOffError, NothingReadError, SkippedError, SourceError
from sniffer.core.protocol.definition import Definition
from sniffer.formats.link_types import LinkTypes, describe_refusal, is_serial
from sniffer.formats.pcap import reader as pcap
from sniffer.formats.pcap.plain_run import PcapRunParser
from sniffer.formats.pcap.reader import PcapReader
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.decoded_run import CaptureSection, DecodedRun
from sniffer.formats.pcapng.foreign_packets import (
    MOST_INTERFACES,
    CaptureItem,
    describe_nothing_read,
    describe_skipped,
)
from sniffer.formats.pcapng.items import PacketItems
from sniffer.formats.pcapng.own_packets import zone_of_log
from sniffer.formats.pcapng.packet import Packet
from sniffer.formats.pcapng.plain_run import PlainRun, PlainRunParser
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader

MAGICS = (MAGIC, *pcap.MAGICS, *pcap.VARIANTS)
"""The bytes that captures begin with."""


def create_reader(head: bytes) -> CaptureReader | PcapReader:
    """Return the reader of a capture that begins with these bytes."""
    return PcapReader() if head.startswith(pcap.MAGICS) else CaptureReader()


def check_head(head: bytes, link_types: LinkTypes) -> None:
    """Raise `SourceError` if no capture that begins with these bytes can be read.

    A pcapng may have packets of any link type, and is read to find out.
    """
    if head.startswith(pcap.VARIANTS):
        raise SourceError(
            "a capture in a variant of pcap that is not read: convert it first: `editcap FILE new.pcapng`"
        )
    if head.startswith(pcap.MAGICS) and len(head) >= pcap.HEADER_SIZE:
        link_type = pcap.read_link_type(head)
        if not is_serial(link_type, link_types):
            raise SourceError(describe_refusal(link_type))


class CaptureDecoder:
    """Decodes one capture.

    `link_types` are the layouts of packets that the user named. Packets whose cuts do not fit the links of `definition`
    are searched for its frames (`sniffer.formats.pcapng.items`).

    `packets` is the number of packets so far. `last_time` is the time of the last packet that has one, `speed` the rate
    of the line in bits per second, and `zone` the time zone of a text log; None until they are known.
    """

    def __init__(self, link_types: LinkTypes | None = None, definition: Definition | None = None) -> None:
        self.packets = 0
        self.last_time: int | None = None
        self.speed: int | None = None
        self.zone: tzinfo | None = None
        self._link_types = link_types or {}
        self._head = b""
        self._reader: CaptureReader | PcapReader | None = None
        self._items = PacketItems(link_types, definition)
        self._runs = PlainRunParser(self._items.shape_of)
        self._pcap_runs = PcapRunParser(self._items.shape_of)

    @property
    def position(self) -> int:
        """The number of bytes that were fed."""
        return self._reader.consumed + self._reader.waiting if self._reader else len(self._head)

    def feed(self, data: bytes) -> Iterator[CaptureItem]:
        """Yield the items that these bytes complete.

        Raises `CaptureError` after the last good item if the capture is damaged, `SourceError` if it cannot be read.
        """
        if self._reader is None:
            data = self._head = self._head + data
            if len(data) < pcap.HEADER_SIZE:
                return
            check_head(data, self._link_types)
            self._reader = create_reader(data)
        try:
            yield from self._items.parse(self._packets_of(self._reader, data))
        except CaptureError:
            yield from self._items.flush()
            raise

    def describe_section(self) -> CaptureSection | None:
        """Return the section that the next bytes are in; None if no packet of it can be decoded ahead."""
        reader = self._reader
        if not isinstance(reader, CaptureReader) or reader.is_passing or len(reader.interfaces) > MOST_INTERFACES:
            return None
        shapes = [self._items.shape_of(interface) for interface in reader.interfaces]
        return CaptureSection(reader.order, [*reader.interfaces], shapes) if any(shapes) else None

    def take_waiting(self) -> bytes:
        """Return the bytes that wait for the rest of their block. They have to be fed again."""
        return self._reader.take_waiting() if isinstance(self._reader, CaptureReader) else b""

    def feed_decoded(self, data: bytes, section: CaptureSection, runs: Iterable[DecodedRun]) -> Iterator[CaptureItem]:
        """Yield the items of whole blocks of a section, of which these runs were decoded ahead.

        Raises the errors of `feed`.
        """
        at = 0
        for run in runs:
            if at < run.begin:
                yield from self.feed(data[at : run.begin])
            placed = self._items.place_run(run, section)
            if placed is None:
                yield from self.feed(data[run.begin : run.end])
            else:
                self._count_run(run, section)
                yield placed
            at = run.end
        if at < len(data):
            yield from self.feed(data[at:])

    def _count_run(self, run: DecodedRun, section: CaptureSection) -> None:
        """Keep what `feed` keeps of the packets of a run."""
        assert isinstance(self._reader, CaptureReader)
        self._reader.skip(run.end - run.begin)
        self.packets += len(run.messages)
        self.last_time = run.last_time or self.last_time
        speeds = (section.interfaces[number].speed for number in reversed(run.interfaces))
        self.speed = next(filter(None, speeds), None) or self.speed

    def flush(self) -> Iterator[CaptureItem]:
        """Yield the items of all bytes that wait, as the capture has ended."""
        return self._items.flush()

    def check_end(self) -> None:
        """Raise an error if the capture ended too early, or not all of it could be read.

        It is a `CutOffError` if the capture ends in a packet, a `SkippedError` if packets were skipped or seem to have
        a header that nobody named, and a `SourceError` if none could be read.
        """
        foreign = self._items.foreign
        skipped = describe_skipped(foreign, self._reader.too_long if isinstance(self._reader, CaptureReader) else 0)
        if self._is_within():
            about = f"after packet {self.packets:,}" if self.packets else "before its first packet"
            also = f"; {skipped}" if skipped else ""
            raise CutOffError(f"the capture was cut off {about}; all before it was read{also}")
        if len(foreign.skipped) and not self._items.has_read:
            raise NothingReadError(describe_nothing_read(foreign))
        headers = foreign.headers.describe()
        if skipped or headers:
            read = f"{skipped}; all others were read" if skipped else ""
            raise SkippedError("; ".join(filter(None, (read, headers))))

    def _is_within(self) -> bool:
        """Return True if the capture has not begun, or goes on with a block or packet that is not complete."""
        reader = self._reader
        return not reader or reader.waiting > 0 or (isinstance(reader, CaptureReader) and reader.is_passing)

    def _packets_of(self, reader: CaptureReader | PcapReader, data: bytes) -> Iterator[Packet | PlainRun]:
        """Yield the packets that these bytes complete; keep their time, rate and zone."""
        for packet in self._read(reader, data):
            if isinstance(packet, PlainRun):
                yield packet
                self._count_plain_run(packet)
                continue
            self.packets += 1
            self.last_time = packet.time or self.last_time
            self.speed = packet.interface.speed or self.speed
            if packet.comments and self.zone is None:
                self.zone = zone_of_log(packet)
            yield packet

    def _read(self, reader: CaptureReader | PcapReader, data: bytes) -> Iterator[Packet | PlainRun]:
        """Return an iterator over the packets that these bytes complete, plain ones in runs."""
        if isinstance(reader, PcapReader):
            return reader.feed(data, self._pcap_runs)
        return reader.feed(data, self._runs)

    def _count_plain_run(self, run: PlainRun) -> None:
        """Keep what `_packets_of` keeps of the packets of a run that were taken."""
        self.packets += run.taken
        if run.taken:
            times = (time for _, time in reversed(run.pieces[: run.taken]) if time)
            self.last_time = (run.last_time if run.taken == len(run.pieces) else next(times, None)) or self.last_time
            streams = dict.fromkeys(reversed(run.streams[: run.taken]))
            self.speed = next(filter(None, (run.interface_of(one).speed for one in streams)), None) or self.speed
