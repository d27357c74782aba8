"""The taps as the link panel tells of them: what they are set to, how exact their times are, what is wrong with them.

In: a `View`. Out: lines; none for a file that tells of no tap.
"""

from textual.content import Content

from sniffer.charger.ledger import Ledger
from sniffer.printable import printable
from sniffer.tapstate import TapState
from sniffer.times import MILLISECOND
from sniffer.tui.flow import hang
from sniffer.tui.panel import Line, pair
from sniffer.tui.view import View

LABEL = 8


def lines(view: View, width: int) -> list[Line]:
    """All that is known of the taps, the worst first."""
    several = len(view.taps) > 1
    return [
        *(
            line
            for found in view.snapshot.wiring
            for line in hang("⚠ ", printable(found.about), "bold $warning", width)
        ),
        *_line_errors(view.snapshot.ledger),
        *(line for number, tap in enumerate(view.taps, 1) for line in _tap(tap, number if several else 0, width)),
    ]


def _line_errors(ledger: Ledger) -> list[Line]:
    """The bytes that the receiver found an error in, by what it was; they are in frames or in noise as well."""
    told = [f"{count:,} {error.value}" for error, count in ledger.marked.items() if count]
    return [pair("errors", (", ".join(told), "$warning"), width=LABEL)] if told else []


def _tap(tap: TapState, number: int, width: int) -> list[Line]:
    found: list[Line] = []
    if number:
        found.append(pair(f"tap {number}", printable(tap.name), width=LABEL))
    if tap.lost:
        found += hang("✕ ", printable(tap.lost), "bold $error", width)
    if tap.device and tap.device != tap.name:
        found.append(pair("port", printable(tap.device), width=LABEL))
    if tap.rate:
        found += _hung("baud", printable(tap.rate), width)
    if tap.settings:
        found += _hung("set to", printable(tap.settings), width)
    if tap.late is not None:
        found.append(pair("times", f"up to {tap.late / MILLISECOND:g} ms late", width=LABEL))
    driver = [f"{count:,} {name}" for name, count in tap.errors if count]
    if driver:
        found += _hung("driver", ", ".join(driver), width)
    return found


def _hung(label: str, text: str, width: int) -> list[Line]:
    """A label and a text that may take several lines."""
    first, *others = Content(text).wrap(max(LABEL, width - LABEL)) or [Content("")]
    return [pair(label, first, width=LABEL), *(pair("", other, width=LABEL) for other in others)]
