"""A session with identifiers of every kind, and bundles of sessions."""

import zipfile
from pathlib import Path

from sniffer.commands.bundle.bundle import Bundle, make_bundle
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Segments, Tap, TapGap, TapRestored, TapShared
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.stored.session_file import open_file
from tests.commands.convert.helpers import DEFINITION, SessionItem, read
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of

AT = 1_700_000_000_000_000_000
FRAME = KNOWN_FRAMES[2].raw
"""The answer to an announcement, with the charge point id 10427240."""

SECRETS = [
    "10427240", "04A1B2C3", "AB-1234567", "89490200001234567890", "490154203237518", "hunter2", "Smith home",
    "cs.example.com", "jane.doe", "/home/jane", "192.0.2.11", "2001:db8::17", "00:1A:2b:3c:4D:5e", "A50285BI",
    "Miller Ltd",
]  # fmt: skip
"""The texts that no file of a bundle of `LINES` may hold."""

_TEXTS = [
    "cpid = 10427240,evseNum = 1",
    '=>CSMS:[2,"1","Authorize",{"idTag":"04A1B2C3"}]',
    '<=CSMS:[2,"2","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2"}]',
    '=>CSMS:[2,"3","BootNotification",{"chargePointSerialNumber":"AB-1234567","iccid":"89490200001234567890"}]',
    "card 04a1b2c3 read, bytes 30 34 41 31 42 32 43 33",
    '{"key":"WifiSsid","readonly":false,"value":"Smith home"}',
    "connect wss://cs.example.com:443/ocpp/10427240",
    "modem 490154203237518, mail jane.doe@example.org, opened /home/jane/tap.log",
    "Interface: eth0 IP: 192.0.2.11 and 2001:db8::17, HWaddr 00:1A:2b:3c:4D:5e",
    "hello from Miller Ltd",
    f"=>pwrboard:{FRAME.hex(' ').upper()}",
    f"=>pwrboard:{FRAME[:-4].hex(' ').upper()}",
    f"dump {FRAME.hex()}",
]
LINES = [f"{number} 2023-11-30T00:00:{number:02}+0000 [ocpp] {text}" for number, text in enumerate(_TEXTS, 1)]
PORT = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"


def write_tap(path: Path) -> Path:
    """Write a capture whose port, gap, holder and note name somebody, with damaged frames; return its path."""
    damaged = FRAME.replace(b"10427240", b"10\x8727240")
    items: list[SessionItem | Tap | TapRestored | TapShared] = [
        Segments(((FRAME, AT), (damaged, AT + 10**9), (FRAME[:18], AT + 2 * 10**9), (b"27240", AT + 3 * 10**9))),
        TapGap(AT + 4 * 10**9, f"{PORT}: unplugged"),
        TapRestored(AT + 5 * 10**9, f"found as {PORT}"),
        TapShared(AT + 6 * 10**9, "user: jane.doe"),
        Chunk(FRAME, AT + 7 * 10**9),
    ]
    writer = CaptureWriter(PORT, 9600)
    notes = {1: "charger 10427240 of Miller Ltd"}
    packets = [writer.encode_record(record, notes.get(record.number, "")) for record in records_of(*items)]
    path.write_bytes(b"".join([writer.encode_header(), *packets]))
    return path


def write_two_taps(path: Path) -> Path:
    """Write a capture of two ports, the second of which received nothing; return its path."""
    writer = CaptureWriter(PORT, 9600)
    taps = [Tap(1, PORT, 16_000_000, 9600), Tap(2, f"{PORT}-other", 1_000_000, 19200)]
    described = [writer.encode_header(), *map(writer.encode_tap, taps)]
    packets = [writer.encode_record(record) for record in records_of(*taps, Chunk(FRAME, AT, tap=1))]
    path.write_bytes(b"".join(described + packets))
    return path


def write_log(path: Path) -> Path:
    """Write a log with identifiers of every kind; return its path."""
    path.write_text("\n".join(LINES) + "\n")
    return path


def bundle_of(
    session: Path, folder: Path, also: tuple[str, ...] = (), definition: Definition = DEFINITION
) -> tuple[Bundle, dict[str, bytes]]:
    """Make and write the bundle of a session, and return it with the contents of its files by their names."""
    work = folder / "work"
    work.mkdir()
    bundle = make_bundle([str(session)], work, definition, also)
    bundle.write(folder / "x.zip")
    with zipfile.ZipFile(folder / "x.zip") as packed:
        assert packed.testzip() is None
        return bundle, {name: packed.read(name) for name in packed.namelist()}


def reread(contents: dict[str, bytes], folder: Path) -> list[Record]:
    """Return the records of the capture in a bundle."""
    path = folder / "again.pcapng"
    path.write_bytes(contents["capture.pcapng"])
    return read(path)[0]


def records_in(path: Path) -> list[Record]:
    """Return the records of a saved session as far as it can be read."""
    from sniffer.commands.convert.convert import SessionReading

    return list(SessionReading(open_file(path), Pipeline(DEFINITION)).records())
