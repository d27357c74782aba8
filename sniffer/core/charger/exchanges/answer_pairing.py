"""Pair requests with their answers, by the sides of a link, the codes and the keys of their commands."""

from collections.abc import Collection, Iterable, Sequence

from sniffer.core.charger.exchanges.command_stats import CommandCounter
from sniffer.core.protocol.definition import SEQUENCE_WORDS, Command
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_parts import ANY_KEY


def find_paired(commands: Iterable[Command], counter: CommandCounter) -> Collection[bytes]:
    """Return those of the shared keys that pair here nevertheless: the sequences that these commands always have.

    Without a sequence, all keys do.
    """
    if counter.route.link.sequence is None:
        return ANY_KEY
    words = {word for command in commands for word in command.sequences}
    return {bytes.fromhex(word) for word in words if word not in SEQUENCE_WORDS}


def find_latest(requesters: Sequence[CommandCounter], sequence: bytes) -> CommandCounter:
    """Return which of several commands had a request of this sequence last; the first one if none had."""
    requests = [one.requests.young.get(sequence) or one.requests.old.get(sequence) for one in requesters]
    numbers = [request[1] if request else -1 for request in requests]
    return requesters[numbers.index(max(numbers))]


def is_opposite(route: Route, other: Route) -> bool:
    """Return True if two routes are the two directions of one link."""
    return route.link is other.link and route.direction != other.direction and route.direction is not None
