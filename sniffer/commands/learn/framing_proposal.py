"""Propose the framing of an unknown protocol as a definition file, with the evidence in comments, or as JSON.

In: the records of a session. Out: text. The bytes of all records, frames and noise, are joined in their order: what
they were taken for does not matter.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sniffer.base.phrasing import format_count
from sniffer.commands.learn.toml_format import format_block
from sniffer.core.discovery.framing_finder import BYTES_SEARCHED, FramingCandidate, find_framings
from sniffer.core.protocol.definition_writer import build_link_entry
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.checks import no_check
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.link import LengthField, Link, Route, Shape
from sniffer.core.wire.link_set import LinkEntry

DIRECTIONS = ("a>b", "b>a")
"""The directions of two heads, until somebody names them."""

LONGEST_LIVE = 512


class FramingSink:
    """The sink that keeps the bytes of a session in which frames are looked for."""

    def __init__(self) -> None:
        self.read = 0
        self._data = bytearray()

    def receive(self, records: Sequence[Record]) -> None:
        """Add records to the bytes that are kept, up to `BYTES_SEARCHED`."""
        for record in records:
            item = record.item
            raw = item.frame.raw if isinstance(item, Message) else item.raw if isinstance(item, Noise) else b""
            self.read += len(raw)
            if len(self._data) < BYTES_SEARCHED:
                self._data += raw

    def find(self) -> list[FramingCandidate]:
        """Return the framings that explain the bytes, the best first."""
        return find_framings(bytes(self._data))


def format_framings(candidates: Sequence[FramingCandidate], read: int) -> str:
    """Return the candidates as a definition file: the first as an entry, the others in comments."""
    header = format_block(_list_header(candidates, read))
    blocks = [
        format_block(_list_evidence(number, candidate), "link", build_link_entry(_build_entry(candidate)))
        for number, candidate in enumerate(candidates, 1)
    ]
    return "\n".join(
        [header, *blocks[:1], *("".join(f"# {line}\n" for line in text.splitlines()) for text in blocks[1:])]
    )


def format_framings_json(candidates: Sequence[FramingCandidate]) -> str:
    """Return the candidates as one JSON object."""
    return json.dumps({"candidates": [_build_object(candidate) for candidate in candidates]})


def _list_header(candidates: Sequence[FramingCandidate], read: int) -> Iterator[str]:
    yield "A proposal for the framing of an unknown protocol, not a fact: check it before relying on it."
    yield f"Read: {format_count(read, 'byte')}, of which the first {min(read, BYTES_SEARCHED):,} were searched."
    if candidates:
        yield "To try it, and to find what the payloads hold:"
        yield "  evse-sniff --definition proposal.toml SOURCE"
        yield "  evse-sniff learn --definition proposal.toml SOURCE"
    else:
        yield "Undetermined: no head and length explain these bytes. What helps: more bytes, messages of different"
        yield "lengths, and the right baud rate. Frames without a length, or with escaped bytes, are not found."


def _list_evidence(number: int, candidate: FramingCandidate) -> Iterator[str]:
    """Yield what speaks for a candidate, and what it leaves open."""
    yield f"Candidate {number}: {candidate.frames} of {format_count(candidate.of, 'place')} with a head are frames;"
    yield f"the chance of an accident is {candidate.chance:.0e} at most."
    if candidate.check is None:
        yield "The check is unknown: no sum, no exclusive or and no CRC fits. If there is one, it ends the payload."
    elif candidate.check.check.parameters:
        yield "The check is a CRC without a name in the catalogue; its parameters follow from the frames."
    if len(candidate.heads) > 1:
        yield 'Two heads, so probably two directions: name them, as in "com>pwr".'


def _build_entry(candidate: FramingCandidate) -> LinkEntry:
    """Return the link of a candidate."""
    length = candidate.length
    front = max(len(head) for head in candidate.heads)
    check = candidate.check.check if candidate.check else no_check()
    link = Link(
        name="found",
        sequence=None,
        command=None,
        shapes=(Shape(LengthField(length.at, length.size, length.order, length.adds)),),
        payload_at=max(front, length.at + length.size),
        check=check,
        tail=candidate.tail,
        longest=256**length.size - 1 + length.adds,
        longest_live=min(LONGEST_LIVE, 256**length.size - 1 + length.adds),
    )
    routes = tuple(Route(link, head, way) for head, way in zip(candidate.heads, DIRECTIONS, strict=False))
    return LinkEntry(link, routes, routes)


def _build_object(candidate: FramingCandidate) -> Mapping[str, Any]:
    """Return the JSON object of a candidate. A check that is not known has the name `unknown`."""
    length, found = candidate.length, candidate.check
    check: dict[str, Any] = {"name": "unknown"}
    if found:
        check = {
            "name": found.check.name,
            "size": found.check.size,
            "order": found.check.order,
            "from": found.check.start,
        }
        if crc := found.check.parameters:
            check |= {"polynomial": crc.polynomial, "initial": crc.initial}
            check |= {"reflected": crc.is_reflected, "final_xor": crc.final_xor}
    return {
        "heads": [head.hex() for head in candidate.heads],
        "length": {"at": length.at, "size": length.size, "order": length.order, "adds": length.adds},
        "check": check,
        "tail": candidate.tail.hex(),
        "frames": candidate.frames,
        "of": candidate.of,
        "chance": candidate.chance,
    }
