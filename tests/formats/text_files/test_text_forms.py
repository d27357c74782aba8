"""Any session, written in any text form by the small writers here, reads back to the same frames.

The writers know nothing of the readers: each prints bytes as one public program does.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sniffer.commands.convert.convert import SessionReading
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import DBUS_EITHER_WAY, ROUTES_IN_BYTES
from sniffer.sources.stored.session_file import open_file
from tests.core.wire.helpers import DAMAGE, FRAMES

BEGAN = datetime(2023, 11, 30, 0, 0, 49, tzinfo=UTC)
DEFINITION = packaged_definition()

Read = tuple[str, int, bytes]
"""One read of a session: its direction, its time in milliseconds after the beginning, and its bytes."""

READ_BYTES = FRAMES | DAMAGE.filter(lambda data: len(data) > 1)
READS = st.lists(
    st.tuples(
        st.sampled_from(["Rx", "Tx"]), st.integers(0, 90_000), FRAMES | DAMAGE.filter(lambda data: len(data) > 1)
    ),
    min_size=1,
    max_size=8,
).map(lambda reads: [("Rx", 0, bytes.fromhex("BBDDDD3206592A596859AD6BBC")), *sorted(reads, key=lambda read: read[1])])


def joined(reads: Sequence[Read]) -> bytes:
    return b"".join(data for _, _, data in reads)


def moment(milliseconds: int) -> datetime:
    return BEGAN + timedelta(milliseconds=milliseconds)


def rows(data: bytes, width: int = 16) -> list[tuple[int, bytes]]:
    return [(at, data[at : at + width]) for at in range(0, len(data), width)]


def characters(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)


def write_xxd(reads: Sequence[Read]) -> str:
    return "".join(f"{at:08x}: {row.hex(' ', -2):<39}  {characters(row)}\n" for at, row in rows(joined(reads)))


def write_xxd_plain(reads: Sequence[Read]) -> str:
    return "".join(f"{row.hex()}\n" for _, row in rows(joined(reads), 30))


def write_hexdump(reads: Sequence[Read]) -> str:
    data = joined(reads)
    lines = [f"{at:08x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  |{characters(row)}|" for at, row in rows(data)]
    return "\n".join([*lines, f"{len(data):08x}\n"])


def write_od(reads: Sequence[Read]) -> str:
    data = joined(reads)
    return "".join(f"{at:07o} {row.hex(' ')}\n" for at, row in rows(data)) + f"{len(data):07o}\n"


def write_wireshark(reads: Sequence[Read]) -> str:
    packets = [[f"{at:04x}   {row.hex(' '):<47}   {characters(row)}" for at, row in rows(data)] for *_, data in reads]
    return "\n\n".join("\n".join(lines) for lines in packets)


def write_tio(reads: Sequence[Read]) -> str:
    return joined(reads).hex(" ") + " "


def write_sigrok(reads: Sequence[Read]) -> str:
    return "".join(f"uart-1: {byte:02X}\n" for byte in joined(reads))


def write_colons(reads: Sequence[Read]) -> str:
    return "".join(f"{data.hex(':')}\n" for *_, data in reads)


def write_c_array(reads: Sequence[Read]) -> str:
    data = joined(reads)
    body = ",\n".join("  " + ", ".join(f"0x{byte:02X}" for byte in row) for _, row in rows(data, 12))
    return f"#include <stdint.h>\n\nconst uint8_t session[{len(data)}] = {{\n{body}\n}};\n"


def write_arrows(reads: Sequence[Read]) -> str:
    arrows = {"Rx": "<=", "Tx": "=>"}
    return "".join(
        f"[{moment(at):%H:%M:%S}.{at % 1000:03}] {way} {arrows[way]} {data.hex(' ').upper()}\n"
        for way, at, data in reads
    )


def write_docklight(reads: Sequence[Read]) -> str:
    header = "Docklight Log File (HEX) - started 30.11.2023 00:00:49.000\n\n"
    return header + "".join(
        f"{moment(at):%d.%m.%Y %H:%M:%S}.{at % 1000:03} [{way.upper()}] - {data.hex(' ').upper()} \n"
        for way, at, data in reads
    )


def write_socat(reads: Sequence[Read]) -> str:
    marks = {"Rx": "<", "Tx": ">"}
    return "".join(
        f"{marks[way]} {moment(at):%Y/%m/%d %H:%M:%S.%f}  length={len(data)} from=0 to={len(data) - 1}\n"
        f" {data.hex(' ')}\n"
        for way, at, data in reads
    )


def write_chat(reads: Sequence[Read]) -> str:
    return "".join(f"{'CU->PB' if way == 'Tx' else 'PB->CU'}: {data.hex(' ')}\n" for way, _, data in reads)


ONE_STREAM = [
    *[write_xxd, write_xxd_plain, write_hexdump, write_od, write_wireshark, write_tio, write_sigrok, write_colons],
    write_c_array,
]
DIRECTED = [write_arrows, write_docklight, write_socat, write_chat]
TIMED = [write_arrows, write_docklight, write_socat]


def frames_in(data: bytes) -> list[bytes]:
    framer = Framer(ROUTES_IN_BYTES)
    return [item.raw for item in [*framer.feed(data), *framer.flush()] if isinstance(item, Frame)]


def read(text: str, encoding: str = "utf-8", name: str = "a.txt") -> list[Record]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode(encoding))
        reading = SessionReading(open_file(path), Pipeline(DEFINITION))
        found = list(reading.records())
        assert reading.error is None
        return found


def frames_of(records: Sequence[Record]) -> list[bytes]:
    return [record.item.frame.raw for record in records if isinstance(record.item, Message)]


@pytest.mark.parametrize("write", ONE_STREAM, ids=lambda write: write.__name__)
@settings(max_examples=40, deadline=None)
@given(READS)
def test_bytes_without_directions_read_back(write: Callable[[Sequence[Read]], str], reads: list[Read]) -> None:
    assert frames_of(read(write(reads))) == frames_in(joined(reads))


@pytest.mark.parametrize("write", DIRECTED, ids=lambda write: write.__name__)
@settings(max_examples=40, deadline=None)
@given(READS)
def test_each_direction_reads_back_with_a_framer_of_its_own(
    write: Callable[[Sequence[Read]], str], reads: list[Read]
) -> None:
    records = read(write(reads))
    sides = {way: joined([one for one in reads if one[0] == way]) for way, *_ in reads}
    taps = {record.tap for record in records if isinstance(record.item, Message)}
    found = [frames_of([one for one in records if one.tap == tap]) for tap in sorted(taps)]
    assert sorted(found) == sorted(filter(None, map(frames_in, sides.values())))


@pytest.mark.parametrize("write", TIMED, ids=lambda write: write.__name__)
@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["Rx", "Tx"]), st.integers(0, 80_000), FRAMES), min_size=1, max_size=8))
def test_frames_have_the_times_before_them(write: Callable[[Sequence[Read]], str], reads: list[Read]) -> None:
    reads.sort(key=lambda read: read[1])
    records = [record for record in read(write(reads)) if isinstance(record.item, Message)]
    began = records[0].time
    assert began is not None
    assert [record.time - began for record in records if record.time is not None] == [
        (at - reads[0][1]) * 1_000_000 for _, at, _ in reads
    ]


def write_log(reads: Sequence[Read], wrap: Callable[[str], str], end: str) -> str:
    return end.join(
        wrap(
            f"2023-11-30T{moment(at):%H:%M:%S}+0000 [comproc] {'<=' if way == 'Rx' else '=>'}"
            + ("Dbus:" if data.startswith(DBUS_EITHER_WAY.head) else "pwrboard:")
            + data.hex(" ").upper()
        )
        for way, at, data in reads
    )


PREFIXES: dict[str, Callable[[str], str]] = {
    "none": str,
    "terminal": "[10:00:01.123] {}".format,
    "syslog": "Nov 30 10:00:01 evse {}".format,
    "syslog 5424": "<34>1 2023-11-30T10:00:01.5Z evse log 7 - - {}".format,
    "counter": "0001 | RX | {}".format,
    "grep": "12:{}".format,
    "file": "evse.log:12:{}".format,
    "colour": "\x1b[32m{}\x1b[0m".format,
    "nul": "\0\0\0{}".format,
}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["Rx", "Tx"]), st.integers(0, 90_000), FRAMES), min_size=1, max_size=6),
    st.sampled_from(list(PREFIXES.values())),
    st.sampled_from(["\n", "\r\n", "\n\r", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from([0, 80, 100]),
)
def test_a_log_reads_back_after_any_prefix_with_any_line_end_in_any_encoding_and_wrapped(
    reads: list[Read], prefix: Callable[[str], str], end: str, encoding: str, width: int
) -> None:
    def wrap(line: str) -> str:
        line = prefix(line)
        # A terminal counts what it shows only, and does not show that a line ends at its edge.
        assume(not width or (line.isprintable() and len(line) % width > 1))
        return end.join(line[at : at + width] for at in range(0, len(line), width)) if width else line

    wrapped, plain = (write_log(reads, one, end) for one in (wrap, str))
    expected = [(one.time, one.item.frame.raw) for one in read(plain) if isinstance(one.item, Message)]
    found = read(wrapped, encoding, "a.log")
    assert [(one.time, one.item.frame.raw) for one in found if isinstance(one.item, Message)] == expected
