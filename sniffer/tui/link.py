"""The link panel: the byte ledger that always adds up, the rate, the boots, and how the boards answer each other.

In: a `View`. Out: nothing. It answers the first question at the bench: is it the bus, or is it the tool?
"""

from datetime import tzinfo

from textual.content import Content

from sniffer import times, wording
from sniffer.charger.boots import Boots
from sniffer.charger.ledger import Ledger
from sniffer.charger.snapshot import PhaseVoltages
from sniffer.printable import printable
from sniffer.tui import exchanges, taps
from sniffer.tui.flow import flow
from sniffer.tui.panel import Line, Panel, pair
from sniffer.tui.view import View, counted, lasting, since


def boots_text(boots: Boots) -> str:
    """The boots in a few words, with the time between the last two."""
    if not boots.count:
        return "no boot seen"
    apart = None if boots.previous is None or boots.last is None else boots.last - boots.previous
    period = "" if apart is None else f", {times.short(apart)} apart"
    return f"{counted(boots.count, 'boot')}{period}"


class LinkPanel(Panel):
    """The line and the ledger."""

    def __init__(self) -> None:
        super().__init__("link")
        self._view = View()

    def show(self, view: View) -> None:
        """Take the session as it is now."""
        self._view = view
        self.draw()

    def draw(self) -> None:
        """Write the ledger first, then what is known of the taps and the boards."""
        view, snapshot = self._view, self._view.snapshot
        silent = [exchanges.way(side) for side in snapshot.exchanges.sides if exchanges.silence(side, view.now)]
        if snapshot.wiring:
            self.entitle("link: check the wiring", "bold $warning")
        elif silent:
            self.entitle(f"link: {', '.join(silent)} silent", "bold $warning")
        else:
            self.entitle("link")
        self.write(
            [
                *_ledger(snapshot.ledger),
                *taps.lines(view, self.scrollable_content_region.width),
                *([] if view.rate is None else [pair("rate", f"{view.rate:.1f} frames/s", width=8)]),
                *_boots(snapshot.boots, self.scrollable_content_region.width, view.zone),
                pair("charger", _id(snapshot.charge_point_id), width=8),
                *_voltages(snapshot.voltages, view),
                *exchanges.lines(snapshot.exchanges, view.now, self.scrollable_content_region.width, view.zone),
            ]
        )


def _ledger(ledger: Ledger) -> list[Line]:
    lines: list[Line] = [
        pair("bytes", (f"{ledger.read:>9,}", "bold"), ("  read", "$quiet"), width=11),
        _amount("= frames", ledger.frame_bytes, ledger.frames, "frame", "$foreground"),
    ]
    for reason, size in ledger.noise_bytes.items():
        style = "$warning" if size else "$faint"
        lines.append(_amount(f"+ {reason.value}", size, ledger.noise[reason], "piece", style))
    style = "bold $error" if ledger.waiting < 0 else "$foreground" if ledger.waiting else "$faint"
    lines.append(pair("+ waiting", (f"{ledger.waiting:>9,}", style), width=11))
    if ledger.lines:
        lines.append(pair("log", (f"{ledger.lines:>9,}", "$foreground"), ("  lines", "$quiet"), width=11))
    return lines


def _amount(label: str, size: int, count: int, noun: str, style: str) -> Content:
    return pair(label, (f"{size:>9,}", style), (f"  {counted(count, noun)}", "$quiet"), width=11)


def _boots(boots: Boots, width: int, zone: tzinfo | None) -> list[Line]:
    told = flow([f"↻ {boots_text(boots)}", (f"last {times.clock(boots.last, zone)}", "$quiet")], width, "")
    # When the last one was is left out where it has no room beside the count: the list shows it as well.
    lines: list[Line] = [*told] if len(told) == 1 and boots.count else [pair("↻", boots_text(boots), width=2)]
    if boots.loop:
        loop = (" BOOT LOOP ", "bold $background on $error")
        lines = [pair("∞", loop, width=2), pair("", wording.loop_text(boots.loop), width=2)]
    if boots.pending:
        lines.append(pair("", ("OCPP boot pending", "$warning"), width=2))
    return lines


def _id(charge_point_id: str | None) -> str | tuple[str, str]:
    return ("not told yet", "$quiet") if charge_point_id is None else printable(charge_point_id)


def _voltages(voltages: PhaseVoltages | None, view: View) -> list[Line]:
    if voltages is None:
        return [pair("L1-3 V", ("not told yet", "$quiet"), width=8)]
    values = " ".join(f"{value:.2f}" for value in (voltages.l1, voltages.l2, voltages.l3))
    age = since(voltages.time, view.now)
    return [
        pair("L1-3 V", values, width=8),
        pair("", (f"{times.clock(voltages.time, view.zone)}  {lasting(age)} ago", "$quiet"), width=8),
    ]
