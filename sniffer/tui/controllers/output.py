"""The actions that write something: export and copy; and the check for unsaved work before the user quits.

In: actions from keys. Out: a file, or text for the terminal's clipboard (OSC 52, which works over SSH). The line
of keys reports the result, a notification reports an error.
"""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

from textual.worker import Worker

from sniffer.base.errors import OutputError
from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import format_file_stamp
from sniffer.core.protocol.definition import Definition
from sniffer.formats.registry import FORMATS
from sniffer.tui.bars.progress_bars import ExportBar
from sniffer.tui.controllers.export_job import ExportJob
from sniffer.tui.controllers.prompts import PromptActions
from sniffer.tui.messages import ActionDone
from sniffer.tui.screens.export_dialog import ExportDialog, ExportRequest, ExportScope
from sniffer.tui.state.session_view import SessionView
from sniffer.tui.traffic import clipboard


class OutputActions(PromptActions):
    """A session screen with actions that write files and copy text."""

    def __init__(self, session_view: SessionView, definition: Definition, filters: Sequence[str]) -> None:
        super().__init__(session_view, definition, filters)
        self.export_bar = ExportBar()
        self._export: Worker[None] | None = None
        self._exported_notes: dict[int, str] = {}
        self._last_warning = ""

    @property
    def is_exporting(self) -> bool:
        """True while an export runs."""
        return self._export is not None and not self._export.is_finished

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for `stop_export` while no export runs, else the base's answer, or its None."""
        if action == "stop_export":
            return self.is_exporting
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Ask what to export and into which file; while an export runs, stop it."""
        if self.is_exporting:
            self.action_stop_export()
        else:
            self.app.push_screen(
                ExportDialog(self._build_scope, name_file_by_time(FORMATS[0].ending)), self._start_export
            )

    def action_stop_export(self) -> None:
        """Cancel the export that runs."""
        if self._export:
            self._export.cancel()
            self.post_message(ActionDone("export stopped"))

    def action_copy(self, scope: str) -> None:
        """Copy from the chosen row: its main content ("content"), or all of it as one line ("row")."""
        entry, store = self.traffic.entry, self.session_view.store
        if entry is None:
            self.traffic.show_message("nothing to copy yet")
            return
        if scope == "row":
            copied = clipboard.copy_row(entry, store, self.definition, self.session_view.session.source.zone)
        else:
            copied = clipboard.copy_content(entry, store, self.definition)
        self.app.copy_to_clipboard(copied.text)
        self.post_message(ActionDone(f"copied {copied.name}"))

    def confirm_quit(self) -> bool:
        """Return True if the program may end; where something would be lost, warn once and return False.

        Notes made here are lost if they are neither recorded nor exported; a running export is lost as well.
        """
        lost = self._list_unsaved_notes()
        reasons = (
            [f"{format_count(len(lost), 'note')} {'is' if len(lost) == 1 else 'are'} not exported"] if lost else []
        )
        if self.is_exporting:
            reasons.append("the export is not finished")
        warning = "\n".join([*reasons, *lost])
        if warning in ("", self._last_warning):
            return True
        self._last_warning = warning
        keys = "q again quits" if self.is_exporting else "x exports, q again quits"
        self.app.notify(f"{', '.join(reasons)}: {keys}", severity="warning", markup=False)
        return False

    def _list_unsaved_notes(self) -> list[str]:
        """Return the notes, each after its record's number, that are neither recorded nor exported."""
        recorder = self.session_view.session.recorder
        if recorder and not recorder.state.failure:
            return []
        edited, exported = self.session_view.edited_notes, self._exported_notes
        notes = {number: text for number, text in self.session_view.notes.items() if number in edited}
        return [f"{number} {text}" for number, text in notes.items() if exported.get(number) != text]

    def _build_scope(self) -> ExportScope:
        return ExportScope(len(self.session_view.store), self.session_view.filter_progress)

    def _start_export(self, request: ExportRequest | None) -> None:
        if request:
            self._export = self.run_worker(self._run_export(request), group="export")

    async def _run_export(self, request: ExportRequest) -> None:
        """Write an export, show its progress, and report in the end whether it succeeded."""
        name = str(request.path)
        job = ExportJob(
            request, self.session_view, self.definition, lambda share: self.export_bar.show_progress(name, share)
        )
        try:
            await job.run()
        except OutputError as error:
            self.app.notify(printable(str(error)), severity="error", markup=False)
        else:
            self._exported_notes |= job.notes
            self.post_message(ActionDone(f"exported {format_count(job.count, 'record')} to {name}"))
        finally:
            self.export_bar.hide()


def name_file_by_time(ending: str) -> str:
    """Return a file name with the current time, to the second, and this ending."""
    return f"evse-sniff-{format_file_stamp(datetime.now())}{ending}"


def number_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return this file name, or where it is taken the same name with the first free number, from 2 on."""
    stem, ending = os.path.splitext(name)
    numbered = (f"{stem}-{number}{ending}" for number in count(2))
    return name if not is_taken(name) else next(other for other in numbered if not is_taken(other))
