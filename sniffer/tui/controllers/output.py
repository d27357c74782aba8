"""What leaves the screen: exports, pictures and copies; and what would be lost with it when the user quits.

In: keys, by way of the app. Out: files, and texts for the terminal's clipboard (OSC 52, which works over SSH). What
became of it is told on the screen.
"""

import os
from datetime import datetime
from functools import partial
from pathlib import Path

from textual.app import App
from textual.worker import Worker

from sniffer.base.atomic_file import write_whole
from sniffer.base.blocking import run_to_end
from sniffer.base.errors import OutputError
from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.formats.registry import FORMATS
from sniffer.tui.controllers.export_job import ExportJob
from sniffer.tui.screens.export_dialog import ExportDialog, ExportRequest, ExportScope
from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.state.session_view import SessionView
from sniffer.tui.traffic import clipboard


class OutputController:
    """The ways out of one screen."""

    def __init__(self, app: App[None], watch: SessionView, monitor: Monitor, definition: Definition) -> None:
        self._app = app
        self.session_view = watch
        self.monitor = monitor
        self._definition = definition
        self._exporting: Worker[None] | None = None
        self._saved: dict[int, str] = {}
        self._warned = ""

    @property
    def is_exporting(self) -> bool:
        """Whether an export runs."""
        return self._exporting is not None and not self._exporting.is_finished

    def export(self) -> None:
        """Ask what to export, and where to; where an export runs, stop it."""
        if self.is_exporting:
            self.stop()
        else:
            self._app.push_screen(ExportDialog(self._supply, _name_of_now(FORMATS[0].ending)), self._begin)

    def stop(self) -> None:
        """Give up the export that runs."""
        if self._exporting:
            self._exporting.cancel()
            self._tell("export stopped")

    def picture(self) -> None:
        """Save the screen as it is, in the current folder."""
        path = Path(_name_of_now(".svg"))
        picture = self._app.export_screenshot().encode("utf-8", "backslashreplace")
        self._app.run_worker(self._save(path, picture), group="picture")

    def copy(self, what: str) -> None:
        """Copy what the chosen row tells ("essence"), or all of it as a `line`."""
        entry, store = self.monitor.traffic.entry, self.session_view.store
        if entry is None:
            self._tell("nothing to copy yet")
            return
        if what == "line":
            copied = clipboard.copy_row(entry, store, self._definition, self.session_view.session.source.zone)
        else:
            copied = clipboard.copy_content(entry, store, self._definition)
        self._app.copy_to_clipboard(copied.text)
        self._tell(f"copied {copied.name}")

    def may_leave(self) -> bool:
        """Whether nothing is lost by leaving; where something is, the user is told, once."""
        recorder = self.session_view.session.recorder
        typed = set() if recorder and not recorder.state.failure else self.session_view.edited_notes
        notes = {number: text for number, text in self.session_view.notes.items() if number in typed}
        lost = [f"{number} {text}" for number, text in notes.items() if self._saved.get(number) != text]
        told = [f"{format_count(len(lost), 'note')} {'is' if len(lost) == 1 else 'are'} not exported"] if lost else []
        told += ["the export is not finished"] if self.is_exporting else []
        state = "\n".join([*told, *lost])
        if state in ("", self._warned):
            return True
        self._warned = state
        ways = "q again quits" if self.is_exporting else "x exports, q again quits"
        self._app.notify(f"{', '.join(told)}: {ways}", severity="warning", markup=False)
        return False

    def _supply(self) -> ExportScope:
        return ExportScope(len(self.session_view.store), self.session_view.filter_progress)

    def _begin(self, request: ExportRequest | None) -> None:
        if request:
            self._exporting = self._app.run_worker(self._export(request), group="export")

    async def _export(self, request: ExportRequest) -> None:
        line, name = self.monitor.export_line, str(request.path)
        job = ExportJob(request, self.session_view, self._definition, lambda share: line.show(name, share))
        try:
            await job.run()
        except OutputError as error:
            self._complain(error)
        else:
            self._saved |= job.noted
            self._tell(f"exported {format_count(job.count, 'record')} to {name}")
        finally:
            line.hide()

    async def _save(self, path: Path, picture: bytes) -> None:
        try:
            await run_to_end(partial(write_whole, path, picture))
        except OutputError as error:
            self._complain(error)
        else:
            self._tell(f"picture: {os.path.abspath(path)}")

    def _complain(self, error: OutputError) -> None:
        self._app.notify(printable(str(error)), severity="error", markup=False)

    def _tell(self, text: str) -> None:
        self.monitor.traffic.show_message(text)


def _name_of_now(ending: str) -> str:
    """A file name that nobody has used before: that of this second."""
    return f"evse-sniff-{datetime.now():%Y%m%d-%H%M%S}{ending}"
