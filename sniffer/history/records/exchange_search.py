"""Find the other frames of an exchange across both links, for a frame of a stored session.

In: a store and the number of a frame. Out: the kind of exchange and its frames by hop. Only frames of the same exchange
near this one are decoded, so the search takes well under a millisecond, whatever the length of the session.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sniffer.core.charger.exchanges.exchange_chains import HOPS_WITHIN, HopFrame, find_chain
from sniffer.core.protocol.definition import Definition, ExchangePattern
from sniffer.core.protocol.message import Message
from sniffer.core.record_kind import RecordKind
from sniffer.history.records.record_store import RecordStore

NEAR = 32
"""The number of frames of the same exchange that are examined on each side of a frame."""


class FoundExchange(NamedTuple):
    """One exchange: its kind, and those of its frames that were found, by hop."""

    exchange: ExchangePattern
    frames: tuple[HopFrame, ...]


def find_exchange(store: RecordStore, number: int, until: int, definition: Definition) -> FoundExchange | None:
    """Return the exchange of a frame, among the records up to number `until`.

    Return None if the record is no frame, if its command belongs to no exchange, or if the frames that were found are
    all on one link.
    """
    message = store.item(number)
    if not isinstance(message, Message) or message.command is None:
        return None
    place = message.command.route, message.command.code
    exchange = next((exchange for exchange in definition.exchanges if place in exchange.hops), None)
    if exchange is None:
        return None
    near = _list_near(store, number, until, exchange, message.frame.time)
    found = find_chain(message, number, near, definition)
    links = {exchange.hops[frame.place][0].link for frame in found[1]} if found else set()
    return FoundExchange(*found) if found and len(links) > 1 else None


def _list_near(
    store: RecordStore, number: int, until: int, exchange: ExchangePattern, time: int | None
) -> Iterator[tuple[Message, int, int | None]]:
    """Yield the messages of this kind of exchange near a frame, that frame included, with their numbers and lines."""

    def belongs(kind: RecordKind) -> bool:
        return kind.command is not None and (kind.command.route, kind.command.code) in exchange.hops

    for start, step in ((number, -1), (number + 1, 1)):
        for other, _ in zip(store.numbers_of(belongs, start, step), range(NEAR), strict=False):
            item, at = store.item(other), store.time(other)
            if other > until or (time is not None and at is not None and abs(at - time) > HOPS_WITHIN):
                break
            if isinstance(item, Message):
                yield item, other, store.line(other)
