"""The link panel: the byte ledger that always adds up, the taps, the rate, the registration, and the exchanges.

In: a `View`. Out: nothing. The panel answers the first question at the bench: is it the bus, or is it the tool? The
lines of the taps say how each one is set, how exact its times are, and what is wrong with it; a source without taps,
such as a file that names none, has no such lines.
"""

from collections.abc import Iterator

from textual.content import Content

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import MILLISECOND, format_seconds
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.card_reader import CardReader
from sniffer.core.charger.health.freshness import find_stale_measurement_age
from sniffer.core.charger.health.link_health import Health, count_recent_noise
from sniffer.core.charger.measurements.course import PILOT
from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_POWERS,
    PHASE_VOLTAGES,
    Measurement,
    Measurements,
)
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.items import TapState
from sniffer.text.describe import describe_card_reader
from sniffer.text.link_health import format_health
from sniffer.text.quantities import format_number, format_quantity, format_short_name
from sniffer.text.ranks import Rank, rank_of_health
from sniffer.tui.content import wrap_hanging
from sniffer.tui.panels import exchanges
from sniffer.tui.panels.panel import Line, Panel, format_pair
from sniffer.tui.panels.registration import format_registration
from sniffer.tui.state.view_state import View, elapsed_since
from sniffer.tui.theme import RANK_STYLES

LABEL_WIDTH = 8
"""The width of the label of a line in cells."""


class LinkPanel(Panel):
    """The panel of the link."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("link")
        self._definition = definition
        self._view = View()

    def show(self, view: View) -> None:
        """Show the session as it is now."""
        self._view = view
        self.draw()

    def draw(self) -> None:
        """Write the ledger first, then what is known of the taps and the boards."""
        view, snapshot, width = self._view, self._view.snapshot, self.scrollable_content_region.width
        self.set_panel_title(*_choose_title(view))
        self.write(
            [
                *_format_verdict(view, width),
                *_format_ledger(view),
                *format_taps(view, width),
                *_format_card_reader(snapshot.card_reader, width),
                *([] if view.rate is None else [format_pair("rate", f"{view.rate:.1f} frames/s", width=LABEL_WIDTH)]),
                *self._format_charger(snapshot.charge_point_id),
                *(format_registration(snapshot, view.now, width, view.clock) if self._definition.tells_boots else ()),
                *_format_measurements(view, width, self._definition),
                *exchanges.format_exchanges(snapshot, view.now, width, view.clock, is_live=view.rate is not None),
                *exchanges.format_chains(snapshot.chains, width),
            ]
        )

    def _format_charger(self, charge_point_id: str | None) -> list[Line]:
        """Return the line of the charge point; none if the definition has no field that tells its id."""
        if charge_point_id is None and not self._definition.tells_charge_point:
            return []
        shown = ("not reported yet", "$quiet") if charge_point_id is None else printable(charge_point_id)
        return [format_pair("charger", shown, width=LABEL_WIDTH)]


def _choose_title(view: View) -> tuple[str, str]:
    """Return the title of the panel and its style: what is wrong with the link first."""
    snapshot = view.snapshot
    if snapshot.wiring:
        return "link: check the wiring", "bold $warning"
    if view.health.health not in (Health.ALIVE, Health.NOTHING_HEARD):
        return f"link: {format_health(view.health, view.now)}", "bold $warning"
    silent = [
        exchanges.format_route(side)
        for side in snapshot.exchanges.sides
        if exchanges.measure_silence(side, snapshot, view.now, is_live=view.rate is not None)
    ]
    return (f"link: {', '.join(silent)} silent", "bold $warning") if silent else ("link", "bold")


def _format_verdict(view: View, width: int) -> list[Line]:
    """Return the verdict on the link with its reason."""
    health = view.health
    text = f"{format_health(health, view.now)}: {printable(health.reason)}"
    return [*wrap_hanging("", text, RANK_STYLES[rank_of_health(health.health)], width)]


def _format_ledger(view: View) -> list[Line]:
    """Return the byte ledger: the bytes read, where each of them went, and the noise of the last minute."""
    ledger = view.snapshot.ledger
    lines: list[Line] = [
        format_pair("bytes", (f"{ledger.read:>9,}", "bold"), ("  read", "$quiet"), width=11),
        _format_amount("= frames", ledger.frame_bytes, ledger.frames, "frame", "$foreground"),
    ]
    for reason, size in ledger.noise_bytes.items():
        style = "$warning" if size else "$faint"
        lines.append(_format_amount(f"+ {reason.value}", size, ledger.noise[reason], "piece", style))
    if any(ledger.noise_bytes.values()) and view.now is not None:
        recent = count_recent_noise(view.snapshot.link, view.now)
        shown = (f"{recent:>9,}", "$warning" if recent else "$faint")
        lines.append(format_pair("  noise", shown, ("  in the last minute", "$quiet"), width=11))
    style = "bold $warning" if ledger.waiting < 0 else "$foreground" if ledger.waiting else "$faint"
    lines.append(format_pair("+ waiting", (f"{ledger.waiting:>9,}", style), width=11))
    if ledger.lines:
        lines.append(format_pair("log", (f"{ledger.lines:>9,}", "$foreground"), ("  lines", "$quiet"), width=11))
    return lines


def _format_card_reader(reader: CardReader | None, width: int) -> list[Line]:
    """Return the line of a card reader that does not answer now."""
    if reader is None or not reader.is_active:
        return []
    text = describe_card_reader(reader.fault.count, reader.fault.period)
    return [*wrap_hanging("⚠ ", text, "$warning", width)]


def _format_amount(label: str, size: int, count: int, noun: str, style: str) -> Content:
    return format_pair(label, (f"{size:>9,}", style), (f"  {format_count(count, noun)}", "$quiet"), width=11)


def format_taps(view: View, width: int) -> list[Line]:
    """Return all that is known of the taps: wiring faults first, then errors in bytes, then each tap."""
    several = len(view.taps) > 1
    return [
        *(
            line
            for found in view.snapshot.wiring
            for line in wrap_hanging("⚠ ", printable(found.about), "bold $warning", width)
        ),
        *_format_line_errors(view.snapshot.ledger),
        *(
            line
            for number, tap in enumerate(view.taps, 1)
            for line in _format_tap(tap, number if several else 0, view, width)
        ),
    ]


def _format_line_errors(ledger: ByteLedger) -> list[Line]:
    """Return the number of bytes with each line error; these bytes are also counted in frames or in noise."""
    found = [f"{count:,} {error.value}" for error, count in ledger.marked.items() if count]
    return [format_pair("errors", (", ".join(found), "$warning"), width=LABEL_WIDTH)] if found else []


def _format_last_frame(view: View) -> str:
    """Return the age of the last valid frame: the evidence that the rate still fits."""
    last = max((side.last for side in view.snapshot.link.sides if side.last is not None), default=None)
    age = elapsed_since(last, view.now)
    return "" if age is None else f"; last valid frame {format_seconds(max(0, age))} ago"


def _format_tap(tap: TapState, number: int, view: View, width: int) -> list[Line]:
    """Return the lines about a tap. `number` is 0 if the session has one tap only."""
    found: list[Line] = []
    if number:
        found.append(format_pair(f"tap {number}", printable(tap.name), width=LABEL_WIDTH))
    if tap.lost:
        found += wrap_hanging("✕ ", printable(tap.lost), "bold $warning", width)
    if tap.device and tap.device != tap.name:
        found.append(format_pair("port", printable(tap.device), width=LABEL_WIDTH))
    if tap.rate:
        found += _pair_lines("baud", f"{printable(tap.rate)}{_format_last_frame(view)}", width)
    if tap.settings:
        found += _pair_lines("set to", printable(tap.settings), width)
    if tap.shared_with:
        found += _pair_lines("also in", printable(tap.shared_with), width)
    if tap.late is not None:
        found.append(format_pair("times", f"up to {tap.late / MILLISECOND:g} ms late", width=LABEL_WIDTH))
    driver = [f"{count:,} {name}" for name, count in tap.errors if count]
    if driver:
        found += _pair_lines("driver", ", ".join(driver), width)
    return found


def _pair_lines(label: str, text: str, width: int) -> list[Line]:
    """Return a label with a text that may take several lines."""
    first, *others = Content(text).wrap(max(LABEL_WIDTH, width - LABEL_WIDTH)) or [Content("")]
    return [
        format_pair(label, first, width=LABEL_WIDTH),
        *(format_pair("", other, width=LABEL_WIDTH) for other in others),
    ]


MEASURED = (
    ("V", PHASE_VOLTAGES),
    ("A", PHASE_CURRENTS),
    ("W", PHASE_POWERS),
    ("energy", ("energy",)),
    ("board", ("board_temperature",)),
    ("conn", ("connector_temperature",)),
    ("meter", ("temperature",)),
)
"""The lines of measured values: the label of each, and its quantities."""

OTHER_MEASURED = (("V", ("voltage",)), ("A", ("current",)), ("W", ("power",)), ("CP", (PILOT,)))
"""Further lines of the boards of other makers. A charger reports these values by phase as well."""


def _format_measurements(view: View, width: int, definition: Definition) -> list[Line]:
    """Return the latest values of the charger and its connectors with their age, then what is implausible.

    Values that are older than they should be are dimmed.
    """
    measurements = view.snapshot.measurements
    lines: list[Line] = []
    for place, found in _group_by_place(measurements):
        for label, names in MEASURED if definition.is_charger else (*MEASURED, *OTHER_MEASURED):
            if shown := [found[name] for name in names if name in found]:
                age = find_stale_measurement_age(shown[0].time, view.snapshot, definition, view.now)
                label = _choose_label(label, names[0], definition)
                lines.append(_format_values(place + label, shown, view, width, is_stale=age is not None))
    for event in measurements.implausible:
        where = "" if event.connector is None else f"connector {event.connector}, "
        text = f"{where}{format_quantity(event.field, definition)} {event.about}"
        lines += wrap_hanging("≉ ", printable(text), "bold $warning", width)
    if lines or not definition.is_charger:
        return lines
    return [format_pair("V", ("not reported yet", "$quiet"), width=LABEL_WIDTH)]


def _choose_label(label: str, quantity: str, definition: Definition) -> str:
    """Return the label of a line of values: the name of the field of another board where it needs one."""
    if definition.is_charger:
        return label
    own = printable(format_short_name(quantity, definition))
    if own and len(own) < LABEL_WIDTH - 1:
        return own
    return "temp" if quantity == "temperature" else label


def _group_by_place(measurements: Measurements) -> Iterator[tuple[str, dict[str, Measurement]]]:
    """Yield the latest values by quantity, for each place. Of a charger with one connector, that is one place."""
    values = sorted(measurements.values, key=lambda one: one.number)
    connectors = sorted({one.connector for one in values if one.connector is not None})
    if len(connectors) < 2:
        yield "", {one.name: one for one in values}
        return
    yield "", {one.name: one for one in values if one.connector is None}
    for connector in connectors:
        yield f"C{connector} ", {one.name: one for one in values if one.connector == connector}


def _format_values(label: str, shown: list[Measurement], view: View, width: int, *, is_stale: bool) -> Line:
    """Return the values of a line, with their age if there is room for it."""
    label = label if len(label) < LABEL_WIDTH else f"{label} "
    unit = "" if label.endswith(shown[0].unit) else f" {shown[0].unit}"
    values = f"{' '.join(format_number(one.value) for one in shown)}{unit}"
    age = f"  {format_seconds(elapsed_since(shown[0].time, view.now))} ago"
    room = width - max(LABEL_WIDTH, len(label)) - len(values)
    style = RANK_STYLES[Rank.QUIET] if is_stale else ""
    return format_pair(label, (values, style), (age if len(age) <= room else "", "$quiet"), width=LABEL_WIDTH)
