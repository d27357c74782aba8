"""Make the captures in `captures/`: `python -m tests.sample_sessions`.

Each is a scenario of the simulated charger, cut to the length that shows its story, and seen as a tap would have seen
it, or as the charger's own log prints it. In: nothing but a seed. Out: the same packets and lines each time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import takewhile

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised, StatusChanged
from sniffer.core.charger.status_reader import read_volts
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.core.wire.links import COM_TO_PWR
from sniffer.formats.charger_log_writer import format_line
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.session import IDLE_SECONDS
from sniffer.simulator.session_log import generate_log_lines
from sniffer.simulator.traffic import generate_reads
from tests.paths import CAPTURES

FOLDER = CAPTURES
BAUD = 115200
PORT = "/dev/ttyUSB0"
BEGAN = int(datetime(2026, 1, 15, 8, 59, 48, tzinfo=UTC).timestamp()) * SECOND
"""Twelve seconds before a meter request, so that one comes before the charge and one while it lasts."""

LOW = 207.0
"""Volts under which it is worth a note: ten per cent less than 230."""

CUT = 7
"""Bytes that are missing at the end of the capture that was cut off."""

Item = Chunk | TapGap


def played(scenario: str, seconds: float, *, seed: int = 1, start: int = 0) -> Iterator[Chunk]:
    """So much of a scenario, beginning so many seconds after the others."""
    for chunk in generate_reads(scenario, baud=BAUD, seed=seed, start_time=BEGAN + start * SECOND):
        assert chunk.time is not None
        if chunk.time > BEGAN + (start + seconds) * SECOND:
            return
        yield chunk


def recorded(items: Iterable[Item], baud: int | None = BAUD) -> list[Record]:
    """Return the records of a session; silence ends a frame, as on a live line."""
    pipeline, records, before = Pipeline(packaged_definition(), baud=baud), [], BEGAN
    for item in items:
        assert item.time is not None
        if item.time - before > IDLE_SECONDS * SECOND:
            records += pipeline.flush()
        records += pipeline.feed(item)
        before = item.time
    return records + pipeline.flush()


def written(records: Iterable[Record], notes: Mapping[int, str] | None = None) -> bytes:
    """Return the capture of a session."""
    writer = CaptureWriter(PORT, BAUD)
    return writer.encode_header() + b"".join(
        writer.encode_record(record, (notes or {}).get(record.number, "")) for record in records
    )


def charging() -> bytes:
    return written(recorded(played("charging", 54)))


def mains_sag() -> bytes:
    records = recorded(played("undervoltage", 60))
    faulted = _first(records, FaultRaised)
    low = next(record.number for record in records if (volts := _l1(record)) is not None and volts < LOW)
    charging_again = next(
        record.number
        for record in records[faulted:]
        if any(isinstance(event, StatusChanged) and event.after == "Charging" for event in record.events)
    )
    return written(
        records,
        {
            low: "the voltages begin to sag here, before any fault is reported",
            faulted: "the power board reports under voltage: M4 code 4",
            charging_again: "back to charging, without a restart",
        },
    )


def pending() -> bytes:
    return written(recorded(played("pending", 42)))


def restarts() -> bytes:
    return written(recorded(played("restarts", 62)))


def bad_line() -> bytes:
    return written(recorded(played("noisy", 52, seed=2)))


def one_side() -> bytes:
    """RX on the wire that only the communication processor talks on."""
    records = recorded(played("charging", 40))
    kept = [record for record in records if _raw(record)[:1] == COM_TO_PWR.head]
    return written(recorded((Chunk(_raw(record), record.time) for record in kept), baud=None))


def pulled_cable() -> bytes:
    """Return a session in which the adapter is unplugged, and comes back after twelve seconds."""
    before, after = list(played("charging", 21)), list(played("charging", 50))
    back = [chunk for chunk in after if chunk.time and chunk.time > BEGAN + 33 * SECOND]
    return written(recorded([*before, TapGap(BEGAN + 21 * SECOND, "the adapter was unplugged"), *back]))


def cut_off() -> bytes:
    return charging()[:-CUT]


SESSIONS: Mapping[str, Callable[[], bytes]] = {
    "charging.pcapng": charging,
    "mains-sag.pcapng": mains_sag,
    "pending.pcapng": pending,
    "restarts.pcapng": restarts,
    "bad-line.pcapng": bad_line,
    "one-side.pcapng": one_side,
    "pulled-cable.pcapng": pulled_cable,
    "cut-off.pcapng": cut_off,
}
"""Every capture that is made, by its name."""


def registration() -> bytes:
    """Return the charger's text log from its start to a vehicle that charges."""
    lines = generate_log_lines("charging", baud=BAUD, seed=1, start_time=BEGAN)
    kept = takewhile(lambda line: line.time is None or line.time <= BEGAN + 45 * SECOND, lines)
    texts = [format_line(line.time, UTC, line.number, line.process, line.text) for line in kept]
    return "".join(f"{text}\n" for text in texts).encode()


LOGS: Mapping[str, Callable[[], bytes]] = {"registration.log": registration}
"""Every text log that is made, by its name."""


def _first(records: Iterable[Record], kind: type[object]) -> int:
    return next(record.number for record in records if any(isinstance(event, kind) for event in record.events))


def _raw(record: Record) -> bytes:
    item = record.item
    return item.frame.raw if isinstance(item, Message) else item.raw if isinstance(item, Noise) else b""


def _l1(record: Record) -> float | None:
    return read_volts(record.item, "l1_voltage") if isinstance(record.item, Message) else None


def main() -> None:
    """Make all of them."""
    for name, make in {**SESSIONS, **LOGS}.items():
        data = make()
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
