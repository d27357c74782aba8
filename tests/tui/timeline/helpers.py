"""An app with nothing but the timeline pane, and sessions to show in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from sniffer.core.charger.events import FaultRaised
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.state.view_state import View
from sniffer.tui.theme import CALM
from sniffer.tui.timeline.pane import TimelinePane
from sniffer.tui.timeline.render import CURSOR, NAME_WIDTH
from tests.history.helpers import SimulatedSession
from tests.tui.helpers import rows


class Host(App[None]):
    """An app with nothing but the timeline of a session; `jumps` are the records that the pane asked for."""

    CSS = "TimelinePane { border-top: solid $rule; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, session: SimulatedSession) -> None:
        super().__init__()
        self.register_theme(CALM)
        self.theme = CALM.name
        self.session = session
        self.jumps: list[int] = []
        self.timeline = TimelinePane(session.timeline)
        self.view = View()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return CALM.variables

    def compose(self) -> ComposeResult:
        yield self.timeline

    def on_jump_to_record(self, message: JumpToRecord) -> None:
        self.jumps.append(message.number)

    def show_session(self, moment: int | None = None, *, rate: float | None = None, now: int | None = None) -> None:
        """Show the session as it was at record `moment`, by default as it is now."""
        timeline = self.session.timeline
        until = timeline.count if moment is None else moment
        self.view = View(until=until, zone=UTC, now=now or timeline.latest, rate=rate)
        self.timeline.show(timeline, self.view)


def fault_session() -> SimulatedSession:
    """Return an hour of reports, one a minute: boots at the start and in minute 50, a fault in minutes 20 to 30."""
    session = SimulatedSession().boot().report("Available", cp=12)
    for minute in range(1, 61):
        session.wait(60).voltages(230, 231, 232)
        if minute == 20:
            session.fault()
        elif minute == 30:
            session.report("Available", cp=12)
        elif minute == 50:
            session.boot()
    return session


@asynccontextmanager
async def running_pane(
    session: SimulatedSession, size: tuple[int, int] = (100, 14)
) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host(session)
    async with host.run_test(size=size) as pilot:
        host.show_session()
        host.timeline.focus()
        await pilot.pause()
        yield host, pilot


async def cursor_column(pilot: Pilot[None]) -> int:
    """Return the column of the cursor."""
    await pilot.pause()
    return rows(pilot)[2].index(CURSOR) - NAME_WIDTH


async def readout_line(pilot: Pilot[None]) -> str:
    """Return the line of the readout."""
    await pilot.pause()
    return rows(pilot)[1]


def fault_record(session: SimulatedSession) -> int:
    """Return the number of the record that raised the fault."""
    return next(record.number for record in session.records if any(isinstance(e, FaultRaised) for e in record.events))
