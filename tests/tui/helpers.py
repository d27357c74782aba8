"""Helpers for the tests of the screen: a source that gives what a test says, and the text that the screen shows.

Nothing here waits for a fixed time: a test says what it waits for.
"""

from asyncio import Queue
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from typing import TypeVar

from textual.pilot import Pilot
from textual.widget import Widget

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapState
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD
from sniffer.filter.compiler import compile_filter
from sniffer.filter.vocabulary import Vocabulary
from sniffer.formats.charger_log import parse_line
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session, Sink
from sniffer.sources.source import Item, Take
from sniffer.triggers.alerts import Alerts
from sniffer.tui.app import SnifferApp
from sniffer.tui.base_app import NO_PREFERENCES, Preferences
from tests.paths import CAPTURES

CAPTURE = CAPTURES / "undervoltage.log"
PATIENCE = 600
"""The looks at a condition before a test gives up: many seconds, even on a slow machine."""

Shown = TypeVar("Shown", bound=Widget)


def captured() -> list[LogLine]:
    """Return the lines of the capture with the undervoltage fault."""
    return [parse_line(line) for line in CAPTURE.read_text("utf-8").splitlines()]


def status_report(
    status: str,
    *,
    connector: int = 1,
    ocpp_error: str = "NoError",
    m4_error: int = 0,
    volts: int = 12,
    sequence: int = 1,
) -> bytes:
    """Return a frame in which the power board reports this status."""
    definition = packaged_definition()
    values: dict[str, int | float | str] = {
        "connector": connector,
        "status": status,
        "ocpp_error": ocpp_error,
        "m4_error": m4_error,
        "cp_voltage": volts,
    }
    return Codec(definition).encode(definition.command("status report"), sequence, values)


def status_answer(sequence: int) -> bytes:
    """Return the answer to the report with this sequence number."""
    definition = packaged_definition()
    return Codec(definition).encode(definition.command("status answer"), sequence, {"connector": 1})


def boot(charge_point_id: bytes, sequence: int = 1) -> bytes:
    """Return a announcement answer with this charge point id, which may be any bytes."""
    payload = bytes.fromhex("000002000000000000") + charge_point_id.ljust(25, b"\0")[:25]
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x00, payload)


def unknown_command(sequence: int = 1) -> bytes:
    """Return a valid frame with a command that no definition has."""
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x7E, b"\x01\x02")


def parameter(sequence: int) -> bytes:
    """Return a frame that does not change the state of the charger."""
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x2C, bytes.fromhex("00000200"))


class FakeSource:
    """A source of these items, and of those that a test adds while it runs. It ends or fails when the test says so."""

    def __init__(
        self,
        *items: Item,
        live: bool = False,
        name: str = "given",
        baud: int | None = None,
        ends: bool = True,
    ) -> None:
        self.name = name
        self.is_live = live
        self.times_are_first_bytes = False
        self.about = "a made-up session"
        self.needs_merging = False
        self.taps: tuple[TapState, ...] = ()
        self.baud = baud
        self.zone: tzinfo | None = UTC
        self.time: int | None = None
        self._queue: Queue[Item | Exception | None] = Queue()
        self.give(*items)
        if ends:
            self._queue.put_nowait(None)

    def now(self) -> int | None:
        return self.time

    def close(self) -> None:
        """Nothing is open."""

    def give(self, *items: Item) -> None:
        """Add items to read."""
        for item in items:
            self._queue.put_nowait(item)

    def frames(self, *frames: bytes) -> None:
        """Add frames to read, one second apart."""
        for frame in frames:
            self.time = (self.time or 0) + SECOND
            self.give(Chunk(frame, self.time))

    def fail(self, error: Exception | str) -> None:
        """Let the source fail with this error; a text is the reason why the source is lost."""
        self._queue.put_nowait(SourceError(error) if isinstance(error, str) else error)

    async def run(self, take: Take) -> None:
        while (item := await self._queue.get()) is not None:
            if isinstance(item, Exception):
                raise item
            take(item)
            if isinstance(item, LogLine) and item.time is not None:
                self.time = item.time


def app_for(
    source: FakeSource,
    definition: Definition | None = None,
    preferences: Preferences = NO_PREFERENCES,
    recorder: Recorder | None = None,
    alerts: Sequence[str] = (),
) -> SnifferApp:
    """Return the app that shows this source. `alerts` are filters."""
    known = definition or packaged_definition()
    watched = Alerts([compile_filter(text, Vocabulary(known, lambda: source.zone)) for text in alerts], known)

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(known), [watched, sink], idle=0.01, attachments=Attachments(recorder))

    return SnifferApp(session_for, known, preferences, alerts=watched)


@asynccontextmanager
async def running(
    source: FakeSource,
    size: tuple[int, int] = (120, 36),
    definition: Definition | None = None,
    recorder: Recorder | None = None,
) -> AsyncIterator[Pilot[None]]:
    """Run the app."""
    async with app_for(source, definition, recorder=recorder).run_test(size=size) as pilot:
        yield pilot


@asynccontextmanager
async def replayed(size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    """Run the app until the capture is read and shown."""
    async with running(FakeSource(*captured()), size) as pilot:
        await until(pilot, lambda: "announcement rel" in screen(pilot) or "the power board…" in screen(pilot))
        yield pilot


def rows(pilot: Pilot[None]) -> list[str]:
    """Return the lines of the screen as it is drawn."""
    return ["".join(part.text for part in strip) for strip in pilot.app.screen._compositor.render_strips()]


def screen(pilot: Pilot[None]) -> str:
    """Return the text of the screen as it is drawn."""
    return "\n".join(rows(pilot))


def part(pilot: Pilot[None], name: str) -> str:
    """Return the text of one widget as it is drawn; `name` is its id."""
    region = pilot.app.screen.query_one(f"#{name}").region
    strips = pilot.app.screen._compositor.render_strips()
    shown = strips[region.y : region.bottom]
    return "\n".join(strip.crop(region.x, region.right).text for strip in shown)


async def sees(pilot: Pilot[None], name: str, text: str) -> None:
    """Let the app run until the widget `name` shows this text."""
    await until(pilot, lambda: text in part(pilot, name))


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app run until the condition is true; fail after `PATIENCE` turns."""
    for _ in range(PATIENCE):
        if condition():
            return
        if not pilot.app.is_running:
            break
        await pilot.pause(0.02)
    raise AssertionError(f"this never came:\n{screen(pilot)}")


def only(records: Sequence[Record]) -> Record:
    """Return the only record."""
    (record,) = records
    return record
