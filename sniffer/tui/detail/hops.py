"""The hops of an exchange across both links as lines of the detail pane: one story, with the time of each hop.

In: an exchange that was found for a frame. Out: lines; the hop of the frame itself is marked.
"""

from typing import NamedTuple

from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.history.records.exchange_search import FoundExchange
from sniffer.text.exchange_text import HopText, list_hops

CHOSEN = "▸"


class HopLine(NamedTuple):
    """One line, with the number of the record that it shows; None if it shows none."""

    line: Content
    number: int | None = None


def draw_hops(found: FoundExchange, number: int) -> list[HopLine]:
    """Return a title and a line for each hop; `number` is the record whose hop is marked."""
    hops = list_hops(*found)
    seen = sum(hop.frame is not None for hop in hops)
    count = f"all {len(hops)} hops" if seen == len(hops) else f"{seen} of {len(hops)} hops seen"
    title = Content.assemble((f"{printable(found.exchange.name)} exchange", "$primary"), (f"  {count}", "$quiet"))
    return [HopLine(title), *(_draw_hop(hop, number) for hop in hops)]


def draw_place(found: FoundExchange, number: int) -> Content:
    """Return in one line which hop of the exchange a record is, and its time since the hop before."""
    hops = list_hops(*found)
    place = next(place for place, hop in enumerate(hops, 1) if hop.frame and hop.frame.number == number)
    after = hops[place - 1].after
    text = f"hop {place} of {len(hops)}, {printable(found.exchange.name)} exchange"
    return Content.assemble((f"{text}{f'  {after}' if after else ''}", "$primary"))


def _draw_hop(hop: HopText, number: int) -> HopLine:
    route = f"{hop.direction} {hop.code:<4}"
    if hop.frame is None:
        return HopLine(Content.assemble((f"  {route}  not seen", "$faint")))
    is_chosen = hop.frame.number == number
    head = f"{CHOSEN if is_chosen else ' '} {route}"
    line = Content.assemble(
        (head, "bold $accent" if is_chosen else ""), (f"  #{hop.frame.number}", "$quiet"), f"  {hop.after}".rstrip()
    )
    return HopLine(line, hop.frame.number)
