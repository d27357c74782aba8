"""Propose the framing of an unknown protocol as a definition file, with the evidence in comments, or as JSON.

In: candidates, the best first, the number of bytes that were read, and the known boards that fit. Out: text.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sniffer.base.phrasing import format_count
from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.delimiter_hint import DelimiterHint
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import BYTES_SEARCHED
from sniffer.core.protocol.definition_writer import build_link_entry
from sniffer.core.wire.checks import no_check
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import LengthField, Shape
from sniffer.core.wire.link_set import LinkEntry
from sniffer.formats.toml_format import format_block
from sniffer.text.framing_text import describe_undetermined, list_boards_that_fit, list_evidence

DIRECTIONS = ("a>b", "b>a")
"""The directions of two heads, until somebody names them."""

LONGEST_LIVE = 512


def format_framings(
    candidates: Sequence[FramingCandidate],
    read: int,
    boards: Sequence[BoardMatch] = (),
    delimiter: DelimiterHint | None = None,
) -> str:
    """Return the candidates as a definition file: the first as an entry, the others in comments.

    The known boards that fit are named before them. `delimiter` is said where there is neither.
    """
    header = format_block(_list_header(candidates, read, boards, delimiter))
    blocks = [
        format_block(_list_evidence(number, candidate), "link", build_link_entry(_build_entry(candidate)))
        for number, candidate in enumerate(candidates, 1)
    ]
    return "\n".join(
        [header, *blocks[:1], *("".join(f"# {line}\n" for line in text.splitlines()) for text in blocks[1:])]
    )


def format_framings_json(candidates: Sequence[FramingCandidate], boards: Sequence[BoardMatch] = ()) -> str:
    """Return the candidates, and the known boards that fit, as one JSON object."""
    fitting = [{"name": one.name, "frames": one.frames, "covered": round(one.covered, 3)} for one in boards]
    return json.dumps({"boards": fitting, "candidates": [_build_object(candidate) for candidate in candidates]})


def _list_header(
    candidates: Sequence[FramingCandidate], read: int, boards: Sequence[BoardMatch], delimiter: DelimiterHint | None
) -> Iterator[str]:
    yield from list_boards_that_fit(boards)
    yield "A proposal for the framing of an unknown protocol, not a fact: check it before relying on it."
    yield f"Read: {format_count(read, 'byte')}, of which {min(read, BYTES_SEARCHED):,} were searched."
    if candidates:
        yield "To try it, and to find what the payloads hold:"
        yield "  evse-sniff --definition proposal.toml SOURCE"
        yield "  evse-sniff learn --definition proposal.toml SOURCE"
    elif not boards:
        yield describe_undetermined(delimiter)


def _list_evidence(number: int, candidate: FramingCandidate) -> Iterator[str]:
    """Yield what speaks for a candidate, and what it leaves open."""
    first, *others = list_evidence(candidate)
    yield f"Candidate {number}: {first}"
    yield from others


def _build_entry(candidate: FramingCandidate) -> LinkEntry:
    """Return the link of a candidate."""
    length = candidate.length
    front = max(len(head) for head in candidate.heads)
    check = candidate.check.check if candidate.check else no_check()
    field = LengthField(length.at, length.size, length.order, length.adds) if length.size else None
    longest = 256**length.size - 1 + length.adds
    link = Link(
        name="found",
        sequence=None,
        command=None,
        shapes=(Shape(field, 0 if field else length.adds),),
        payload_at=max(front, length.at + length.size),
        check=check,
        tail=candidate.tail,
        longest=longest,
        longest_live=min(LONGEST_LIVE, longest),
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
