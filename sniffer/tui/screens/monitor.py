"""The screen of a session: where each pane stands, and which key runs which action.

In: a `Window`, a `View` and a `Status` (`show`). Out: actions, run by keys. Those that act on the session stand in
`sniffer.tui.controllers`; those that arrange the panes stand here. The panes are the same on every terminal; its size
decides how many are in sight at once (style.tcss).
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.history.records.exchange_search import FoundExchange, find_exchange
from sniffer.history.records.previous_frame import find_previous_frame
from sniffer.history.records.record_store import RecordStore
from sniffer.triggers.alerts import Alerts
from sniffer.tui.bars.alert_bar import AlertBar
from sniffer.tui.bars.header import ChargerSummary, Header
from sniffer.tui.bars.key_bar import KeyBar
from sniffer.tui.bars.key_hints import mode_of
from sniffer.tui.bars.progress_bars import ReplayBar
from sniffer.tui.bars.prompt import PromptInput
from sniffer.tui.base_app import BaseApp
from sniffer.tui.controllers.framing import FramingActions
from sniffer.tui.detail.pane import DetailPane
from sniffer.tui.detail.record_view import list_provenances
from sniffer.tui.key_names import apply_keymap, name_bindings
from sniffer.tui.messages import ActionDone
from sniffer.tui.panels.connector import ConnectorPanel
from sniffer.tui.panels.faults import FaultsPanel, format_faults_tab
from sniffer.tui.panels.heights import MOST, compute_height, share_rows
from sniffer.tui.panels.link import LinkPanel
from sniffer.tui.panels.panel import TABS, Panel
from sniffer.tui.panels.selectable import BlockPanel
from sniffer.tui.screens.help import Help
from sniffer.tui.screens.monitor_keys import GROUPS
from sniffer.tui.state.rows import Window
from sniffer.tui.state.session_view import SessionView
from sniffer.tui.state.view_state import Status, View
from sniffer.tui.timeline.pane import TimelinePane
from sniffer.tui.traffic.traffic_list import TrafficList
from sniffer.tui.window_title import format_title

WIDTHS = ((0, "-narrow"), (118, "-medium"), (170, "-wide"))
HEIGHTS = ((0, "-tiny"), (8, "-flat"), (18, "-low"), (30, "-tall"), (50, "-high"))
"""The least width and height in cells of each layout class.

The monitor sets these classes itself: the breakpoints of Textual's screens take effect one layout late, which flickers.
"""

LAYOUTS = frozenset(name for _, name in WIDTHS + HEIGHTS)
"""The layout classes; the screen has two of them."""

SECTIONS: tuple[tuple[str, type[Widget]], ...] = (
    ("In the list", TrafficList),
    ("In the detail", DetailPane),
    ("In the timeline", TimelinePane),
    ("In the connector and the faults panel", BlockPanel),
    ("In the link panel", LinkPanel),
    ("At the prompt", PromptInput),
)
"""The panes with keys of their own; the help begins with the keys of the focused one."""

TIMELINE_HEIGHT = 12
"""The rows of the timeline on a high screen."""

CUT_OFF = "△"
"""The mark of a warning: reading ended or the screen failed, but no data that arrived is lost."""


class Monitor(FramingActions):
    """The screen that shows everything about one session."""

    ESCAPE_TO_MINIMIZE = False
    ALLOW_IN_MAXIMIZED_VIEW = "#top, #export, KeyBar"
    AUTO_FOCUS = "#traffic"
    BINDINGS: ClassVar[list[BindingType]] = name_bindings(binding for _, bindings in GROUPS for binding in bindings)

    def __init__(
        self, session_view: SessionView, definition: Definition, filters: Sequence[str], alerts: Alerts | None = None
    ) -> None:
        super().__init__(session_view, definition, filters)
        self._alerts = alerts
        self._alert_bar = AlertBar()
        self._header = Header("header")
        self._glance = ChargerSummary(definition)
        self._lost = Static(id="lost", markup=False)
        self._replay = ReplayBar()
        self._keys = KeyBar()
        self._detail = DetailPane(definition)
        self._connector = ConnectorPanel(definition)
        self._faults = FaultsPanel(definition)
        self._link = LinkPanel(definition)
        self._timeline = TimelinePane(session_view.timeline)
        self._is_list_only = False
        self._store: RecordStore | None = None
        self._problems = ""
        self._rows: tuple[int, ...] = ()
        self._shown_record: tuple[Record | None, int | None, FoundExchange | None] = (None, None, None)

    def compose(self) -> ComposeResult:
        """Return the bars and panes from top to bottom, once the layout of the first picture is chosen."""
        self._choose_layout(self.app.size)
        with Vertical(id="top"):
            yield self._header
            yield self._glance
            yield self._alert_bar
            yield self._lost
            yield self._replay
        yield self.traffic
        with Grid(id="panes", classes="-connector"):
            yield self._detail
            yield self._connector
            yield self._faults
            yield self._link
            yield self._timeline
        yield self.export_bar
        yield self.prompt
        yield self._keys

    def on_mount(self) -> None:
        """Share the height of the first picture."""
        self._share_height()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout before anything is laid out."""
        self._choose_layout(event.size)
        self._share_height()

    def show(self, window: Window, view: View, status: Status, *, list_only: bool = False) -> None:
        """Show the state of the session; with `list_only`, everything but the list is updated at the next refresh."""
        self._is_list_only = list_only
        self._store = window.rows.store
        self._show_alerts(view)
        self.traffic.show(window, view, status)
        is_filtered = status.filter_progress is not None
        self._keys.show(mode_of(status), is_finding=self.is_finding, is_filtered=is_filtered)
        if list_only:
            return
        self._show_record(self.traffic.record)
        faults_tab = format_faults_tab(view.snapshot)
        for other in (self._connector, self._link, self._timeline):
            other.set_tab("faults", faults_tab)
        for panel in (self._connector, self._faults, self._link):
            panel.show(view)
        self._share_height()
        self._timeline.show(self.session_view.timeline, view)
        self._header.show(view, status)
        self._replay.show(status.progress, view.clock)
        self._glance.show(view, self._connector.chosen)
        if isinstance(self.app, BaseApp):
            self.app.set_window_title(format_title(view, status))
        self._show_problems(_describe_problems(status))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for `acknowledge` while there is no alert, and for what the program does not do here.

        None is that of the other screens.
        """
        if self.app.check_action(action, parameters) is False:
            return False
        if action == "acknowledge":
            return bool(self._alerts and self._alerts.fired)
        return super().check_action(action, parameters)

    def action_acknowledge(self) -> None:
        """Hide the alerts that fired."""
        if self._alerts:
            self._alerts.acknowledge()
            self.refresh_now()

    def _show_alerts(self, view: View) -> None:
        """Show the alerts that were not acknowledged, also while the screen is paused."""
        if self._alerts is None:
            return
        had_alert = self._alert_bar.display
        self._alert_bar.show(self._alerts.fired, self._alerts.count, view.zone)
        if had_alert != self._alert_bar.display:
            self.refresh_bindings()

    def _show_problems(self, problems: str) -> None:
        """Show the problems of the source in their line, or hide the line if the text is empty."""
        if problems != self._problems:
            self._problems = problems
            self._lost.update(printable(problems), layout=False)
        self._lost.display = bool(problems)

    @on(ActionDone)
    def _report(self, message: ActionDone) -> None:
        message.stop()
        self._keys.report(message.text)

    @on(TrafficList.Chosen)
    def _take_record(self, message: TrafficList.Chosen) -> None:
        if not (self._is_list_only and self.traffic.following):
            self._show_record(message.record)

    def _show_record(self, record: Record | None) -> None:
        """Show this record in the detail pane and on the timeline."""
        store, partner = self._store, self.traffic.partner
        if record is None or store is None:
            self._detail.show(record)
            self._shown_record = (record, partner, None)
            return
        exchange = find_exchange(store, record.number, self.session_view.until, self.definition)
        if (record, partner, exchange) != self._shown_record:
            previous = find_previous_frame(store, record)
            self._detail.show(record, previous, store.record(partner) if partner else None, exchange)
            self._timeline.point(record.number)
        self._shown_record = (record, partner, exchange)

    @property
    def _has_room(self) -> bool:
        """True if there is room for more than the list."""
        return not (self.has_class("-flat") or self.has_class("-tiny"))

    def _focus_pane(self, pane: Widget) -> None:
        """Focus a pane; where there is no room for it beside the list, let it fill the screen."""
        if not self._has_room:
            self.maximize(pane, container=False)
        pane.focus()

    def _choose_layout(self, size: Size) -> None:
        """Choose the layout by the width and the height of the screen in cells."""
        chosen = {_choose_step(WIDTHS, size.width), _choose_step(HEIGHTS, size.height)}
        if not chosen <= self.classes:
            # All at once: each change of the classes styles every pane again.
            self.set_classes((self.classes - LAYOUTS) | chosen)
        for panel in (self._connector, self._faults, self._link, self._timeline):
            panel.shares = size.width < WIDTHS[1][0]

    def _share_height(self) -> None:
        """Let the faults panel and the link panel share their height by need, where both are in sight."""
        panes = self.query_one("#panes", Grid)
        layout = next((name for name in MOST if self.has_class(name)), None)
        is_hidden = panes.has_class("-timeline") and not self.has_class("-high")
        if layout is None or is_hidden or not self._has_room:
            if panes.styles.clear_rule("grid_rows"):
                panes.styles.clear_rule("height")
                panes.refresh(layout=True)
            return
        total = compute_height(layout, self.size.height)
        heights = share_rows(total, self._faults.line_count, self._link.line_count)
        rows = (*heights, *([TIMELINE_HEIGHT] if self.has_class("-high") else []))
        if rows != self._rows or not panes.styles.has_rule("grid_rows"):
            self._rows = rows
            panes.styles.grid_rows = " ".join(map(str, rows))
            panes.styles.height = sum(rows)

    def action_open(self) -> None:
        """Go to the detail of the chosen record, and stop the list there."""
        self.traffic.stop_following()
        if self.query_one("#panes").has_class("-timeline"):
            self.action_panel("connector")
        self._focus_pane(self._detail)

    def action_panel(self, name: str) -> None:
        """Show a panel and focus it."""
        if self.maximized:
            self.minimize()
        if name != "timeline" or not self.has_class("-high"):
            panes = self.query_one("#panes")
            for other in TABS:
                panes.set_class(other == name, f"-{other}")
            self._share_height()
        self._focus_pane(self.query_one(f"#{name}", Panel))

    def action_cycle(self) -> None:
        """Show the next connector."""
        self._connector.cycle()

    def action_zoom(self) -> None:
        """Let the focused pane fill the screen, or show all panes again."""
        if self.maximized:
            self.minimize()
        elif self.focused:
            self.maximize(self.focused, container=False)

    def action_back(self) -> None:
        """Show all panes again; if all are shown, focus the list; if it has the focus, leave the replay.

        A prompt that a click has left open is closed first.
        """
        if self.prompt.is_open:
            self.prompt.close()
            return
        if not self.maximized and self.traffic.has_focus:
            self.leave_replay()
        elif not self.maximized or not self._has_room:
            self.traffic.focus()
        self.minimize()

    def _with_keys(self, bindings: Sequence[Binding]) -> list[BindingType]:
        """Return bindings of this screen with the keys of the settings."""
        keymap = self.app.keymap if isinstance(self.app, BaseApp) else {}
        return [*apply_keymap(name_bindings(bindings), keymap)]

    def action_help(self) -> None:
        """List all keys, those of the focused pane first."""
        here = [section for section in SECTIONS if isinstance(self.focused, section[1])]
        others = [section for section in SECTIONS if section not in here]
        *groups, (program, bindings) = GROUPS
        self.app.push_screen(
            Help(
                [
                    *((f"{name} (you are here)", pane.BINDINGS) for name, pane in here),
                    *((name, self._with_keys(bindings)) for name, bindings in groups),
                    (program, [*self._with_keys(bindings), *type(self.app).BINDINGS]),
                    *((name, pane.BINDINGS) for name, pane in others),
                ],
                list_provenances(self.definition),
            )
        )

    async def action_leave(self) -> None:
        """Show all panes again; if all are shown, quit."""
        if self.maximized:
            self.action_back()
        else:
            await self.app.action_quit()


def _choose_step(steps: tuple[tuple[int, str], ...], length: int) -> str:
    """Return the layout class of the last step that this length reaches."""
    return [name for least, name in steps if length >= least][-1]


def _describe_problems(status: Status) -> str:
    """Return the failures of reading and recording, the worst first; empty if there are none."""
    recording = status.recording
    problems = [f"✕ source lost: {status.lost}"] if status.lost else []
    if recording and recording.failure:
        given_up = f", {recording.lost:,} packets given up" if recording.lost else ""
        problems.append(f"✕ NOT RECORDED{given_up}: {recording.failure}")
    return "   ".join(problems) or (f"{CUT_OFF} {status.warning}" if status.warning else "")
