"""Exchanges across both links in words: their hops, and the time of each.

In: values of `sniffer.core.charger.exchanges.exchange_chains`. Out: short texts, safe to show.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sniffer.base.times import format_duration
from sniffer.core.charger.exchanges.exchange_chains import HopFrame, measure_interval
from sniffer.core.protocol.definition import ExchangePattern
from sniffer.core.wire.link import Route


class HopText(NamedTuple):
    """One hop of an exchange: its direction and command code, its frame if it was seen, and a time.

    That is the time since the hop that was seen before it; empty if the source's times are too coarse.
    """

    direction: str
    code: str
    frame: HopFrame | None
    after: str


def list_hops(exchange: ExchangePattern, frames: Sequence[HopFrame]) -> list[HopText]:
    """Return all hops of an exchange in order, with the frames that were seen."""
    by_place = {frame.place: frame for frame in frames}
    hops, before = [], None
    for place, (route, code) in enumerate(exchange.hops):
        frame = by_place.get(place)
        after = format_hop_time(measure_interval(before, frame) if before and frame else None)
        hops.append(HopText(route.direction or route.link.name, route.link.code_text(code), frame, after))
        before = frame or before
    return hops


def format_hop(route: Route, code: int) -> str:
    """Return the direction and command code of a hop: `pwr>com 01`."""
    return f"{route.direction or route.link.name} {route.link.code_text(code)}"


def format_hop_time(after: int | None) -> str:
    """Return the time since the hop before: `+3.0 ms`. It is empty if it is not known."""
    if after is None:
        return ""
    return f"+{format_duration(after)}" if after >= 0 else f"-{format_duration(-after)}"
