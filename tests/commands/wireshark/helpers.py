"""Captures for Wireshark, and a dissection with tshark that shows what our dissector makes of them.

A capture has a packet for each record, of link type 250 in pcapng (`sniffer/docs/captures.md`).
"""

import json
import struct
import subprocess
from pathlib import Path

from sniffer.commands.wireshark.dissector import format_dissector
from sniffer.core.protocol.conversions import Ascii, Hex, Named, Number, Plain
from sniffer.core.protocol.message import UNDEFINED, Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET, HEADER_SIZE
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.core.protocol.helpers import DEFINITION
from tests.tools import need

INBOUND, OUTBOUND = 1, 2


def capture(records: list[Record]) -> bytes:
    """Return the capture of a session, as our writer writes it."""
    writer = CaptureWriter("/dev/ttyUSB0", 115200)
    return writer.encode_header() + b"".join(map(writer.encode_record, records))


def capture_of(packets) -> bytes:
    """Return a capture of these packets: flags, event and bytes of each."""
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), _block(1, struct.pack("<HHI", 250, 0, 0))]
    for number, (flags, event, raw) in enumerate(packets):
        data = struct.pack(">IIBBH", number, 0, event, 0, 0) + raw
        options = struct.pack("<HHIHH", 2, 4, flags, 0, 0)
        head = struct.pack("<IIIII", 0, 0, number, len(data), len(data))
        blocks.append(_block(6, head + data + bytes(-len(data) % 4) + options))
    return b"".join(blocks)


def packet(record: Record) -> tuple[int, int, bytes]:
    """Return flags, event and bytes of the packet that our writer writes for a record."""
    (found,) = CaptureReader().feed(capture([record]))
    return found.flags, found.data[EVENT_OFFSET], found.data[HEADER_SIZE:]


WAYS = {OUTBOUND: 0, INBOUND: 1}
STUB = Path(__file__).with_name("stub.lua")


def run_lua(version: str, dissection: "Dissection", records: list[Record]) -> list[str]:
    """Return the lines that the dissector gives for the packets of these records under plain Lua of this version."""
    lines = ""
    for record in records:
        flags, event, raw = packet(record)
        time = struct.pack(">II", *divmod((record.time or 0) // 1000, 1_000_000)) + bytes([event, 0, 0, 0])
        lines += f"{WAYS.get(flags, -1)} {time.hex()}{raw.hex()}\n"
    done = subprocess.run(
        [need(f"lua{version}"), STUB, dissection.lua],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


class Dissection:
    """A folder with one dissector and one capture."""

    def __init__(self, folder, definition=DEFINITION):
        self.lua, self.capture = folder / "evse.lua", folder / "session.pcapng"
        self.definition = definition
        self.lua.write_text(format_dissector(definition), "utf-8")

    def put(self, records):
        """Write these records into the capture."""
        self.capture.write_bytes(capture(records))
        return self

    def put_packets(self, packets):
        """Write these packets into the capture."""
        self.capture.write_bytes(capture_of(packets))
        return self

    def tshark(self, *words, env=None, installed=False):
        """Return the output of tshark, which must hold no error of Lua."""
        script = [] if installed else ["-X", f"lua_script:{self.lua}"]
        command = [need("tshark"), *script, "-n", "-r", self.capture, *words]
        done = subprocess.run(command, capture_output=True, check=False, timeout=100, env=env)
        out, complaints = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == 0, complaints
        assert "Lua" not in complaints.replace("Running as user", ""), complaints
        assert "Lua Error" not in out
        return out

    def trees(self):
        """Return the tree of each packet, as pairs of filter and value in their order."""
        packets = json.loads(self.tshark("-T", "json"), object_pairs_hook=list)
        return [[*_flat(_named(_named(packet, "_source"), "layers"))] for packet in packets]

    def lines(self):
        """Return the lines of the Info column."""
        out = self.tshark("-T", "fields", "-e", "_ws.col.Info")
        return out.removesuffix("\n").split("\n") if out else []

    def numbers(self, display_filter):
        """Return the numbers of the packets that a display filter selects."""
        return [int(line) for line in self.tshark("-Y", display_filter, "-T", "fields", "-e", "frame.number").split()]


def _named(pairs, name):
    return next(value for key, value in pairs if key == name)


def _flat(pairs, inside=False):
    """Yield the pairs of our protocol. Expert information of Wireshark stands in tables of its own below them."""
    for key, value in pairs:
        if isinstance(value, list):
            yield from _flat(value, inside or key == "evse")
        elif inside and key.startswith("evse."):
            yield key, value


def expected(record):
    """Return the framing of a record, as our decoder has it, as a set of pairs of filter and value."""
    item = record.item
    if isinstance(item, Noise):
        noise = {("evse.noise.reason", item.reason.value), ("evse.raw", item.raw.hex())}
        if item.reason is Reason.CRC:
            crc = int.from_bytes(item.raw[-2:], "big")
            return noise | {("evse.crc", crc), ("evse.crc.status", 0), ("evse.crc.bad", "")}
        return noise
    if not isinstance(item, Message):
        return set()
    frame = item.frame
    framing = {
        ("evse.link", frame.link.name),
        ("evse.sequence", frame.sequence),
        ("evse.command", frame.command),
        ("evse.name", item.name),
        ("evse.length", len(frame.payload)),
        ("evse.crc", int.from_bytes(frame.raw[-2:], "big")),
        ("evse.crc.status", 1),
        ("evse.raw", frame.raw.hex()),
    }
    if item.direction:
        framing.add(("evse.direction", item.direction))
    if frame.payload:
        framing.add(("evse.payload", frame.payload.hex()))
    if item.problem:
        framing |= {("evse.problem", item.problem), ("evse.payload.bad", "")}
    return framing


def fields_of(record):
    """Return the fields of a record, as pairs of name and value. Fields that have no bytes are left out."""
    if not isinstance(record.item, Message):
        return []
    return [(field.name, field.value) for field in record.item.fields if field.start < field.end]


NUMBERS = ("evse.sequence", "evse.command", "evse.length", "evse.crc", "evse.crc.status")
HEX = ("evse.raw", "evse.payload", "evse.undefined")
FRAMING = (
    *NUMBERS,
    *HEX[:2],
    *("evse.link", "evse.direction", "evse.name", "evse.problem", "evse.payload.bad", "evse.noise.reason"),
    "evse.crc.bad",
)


def framing_in(tree):
    """Return the pairs of a tree on the framing, in the form of `expected`."""
    return {
        (key, int(value, 0) if key in NUMBERS else value.replace(":", "") if key in HEX else value)
        for key, value in tree
        if key in FRAMING
    }


def fields_in(tree, record):
    """Return the other pairs of a tree, as pairs of field name and value in our form."""
    item = record.item
    found = [(key, value) for key, value in tree if key not in FRAMING]
    if not isinstance(item, Message):
        return found
    named = {field.name: field.conversion for field in item.command.fields} if item.command else {}
    return [(name, _value(value, named.get(name))) for key, value in found for name in [_field_name(key, named)]]


def _field_name(key, named):
    if key == f"evse.{UNDEFINED}":
        return UNDEFINED
    families = ("", ".number", ".number64", ".signed", ".signed64", ".scaled", ".text", ".bytes")
    ways = {
        f"{start}{plain(name)}{end}": name for name in named for start in ("evse.", "evse.field.") for end in families
    }
    return ways[key]


def plain(name):
    """Return a name in the form that a filter can have."""
    return "".join(char if char.isascii() else f"_x{ord(char):x}_" for char in name)


def _value(text, conversion):
    match conversion:
        case None | Plain():
            return text.replace(":", "")
        case Ascii():
            return text
        case Named():
            return conversion.value(int(text))
        case Hex(digits):
            return f"0x{int(text, 0):0{digits}X}"
        case Number(1):
            return int(text)
    return float(text)


def assert_shown_alike(dissection, records):
    """Compare each packet: tshark must show what we show, in the tree and in the Info column."""
    trees, lines = dissection.put(records).trees(), dissection.lines()
    assert len(trees) == len(lines) == len(records)
    for tree, line, record in zip(trees, lines, records, strict=True):
        assert framing_in(tree) == expected(record)
        ours, theirs = fields_of(record), fields_in(tree, record)
        assert [name for name, _ in theirs] == [name for name, _ in ours]
        for (_, value), (_, expected_value) in zip(theirs, ours, strict=True):
            if isinstance(expected_value, float):
                assert abs(value - expected_value) <= 1e-14 * abs(expected_value)
            else:
                assert value == expected_value
        assert not is_on_the_wire(record) or line == line_of(record)


def is_on_the_wire(record):
    """Return True if the record has bytes on the wire; packets of other records have none."""
    return isinstance(record.item, Message | Noise)


def line_of(record):
    """Return our line of a record, without its number, times and events."""
    item = record.item
    if isinstance(item, Message):
        unchecked = "" if item.frame.link.is_checked else "  [no check]"
        return f"{item.name}: {item.summary}{unchecked}"
    size = len(item.raw)
    shown = item.raw[:24].hex(" ").upper() + (" …" if size > 24 else "")
    return f"noise {item.reason}: {size} {'byte' if size == 1 else 'bytes'}: {shown}"
