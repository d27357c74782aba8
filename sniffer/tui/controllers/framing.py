"""The search for the framing of an unknown line: the bytes of the session that are searched, and the dialog.

In: an action from a key. Out: the dialog. The newest bytes are searched; they are collected in slices, between which
keys and bytes are handled.
"""

from time import monotonic

from sniffer.core.charger.tap_events import RateFound
from sniffer.tui.controllers.output import OutputActions, name_file_by_time
from sniffer.tui.state.session_view import SLICE


class FramingActions(OutputActions):
    """A session screen with the search for a framing."""

    def action_find_framing(self) -> None:
        """Look for the framing of the newest bytes."""
        # The search and its dialog are a twentieth of the code that the screen would import at start.
        from sniffer.tui.screens.framing_dialog import ENDING, FramingDialog

        session = self.session_view.session
        name = name_file_by_time(ENDING).replace("evse-sniff", "framing")
        dialog = FramingDialog(self._collect_bytes, session.snapshot().ledger.read, name, session.source.name)
        self.app.push_screen(dialog)

    async def _collect_bytes(self) -> bytes:
        """Return the newest bytes of the session, those of each tap together, since the rate changed last."""
        from sniffer.core.discovery.framing_finder import BYTES_SEARCHED

        store = self.session_view.store
        parts: dict[int, list[bytes]] = {}
        size, until = 0, monotonic() + SLICE
        for number in range(len(store), store.first - 1, -1):
            if size >= BYTES_SEARCHED or any(isinstance(event, RateFound) for event in store.events_of(number)):
                break
            if raw := store.raw(number):
                reception = store.reception(number)
                parts.setdefault(reception.tap if reception else 0, []).append(raw)
                size += len(raw)
            if monotonic() > until:
                await self.pause_between_slices()
                until = monotonic() + SLICE
        return b"".join(b"".join(reversed(raws)) for _, raws in sorted(parts.items()))
