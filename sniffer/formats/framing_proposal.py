"""Propose the framing of an unknown protocol as a definition file, with the evidence in comments, or as JSON.

In: candidates, the best first, the number of bytes that were read, and the known boards that fit. Out: text.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sniffer.base.phrasing import format_count
from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import BYTES_SEARCHED
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.discovery.link_proposal import DIRECTIONS, build_link
from sniffer.core.protocol.definition_writer import build_link_entry
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.formats.proposal_toml import format_block
from sniffer.text.framing_text import UNDETERMINED, list_boards_that_fit, list_evidence


def format_framings(candidates: Sequence[FramingCandidate], read: int, boards: Sequence[BoardMatch] = ()) -> str:
    """Return the candidates as a definition file: the first as an entry, the others in comments.

    The known boards that fit are named before them.
    """
    header = format_block(_list_header(candidates, read, boards))
    blocks = [
        format_block(_list_evidence(number, candidate), "link", build_link_entry(build_link(candidate)))
        for number, candidate in enumerate(candidates, 1)
    ]
    return "\n".join(
        [header, *blocks[:1], *("".join(f"# {line}\n" for line in text.splitlines()) for text in blocks[1:])]
    )


def format_framings_json(candidates: Sequence[FramingCandidate], boards: Sequence[BoardMatch] = ()) -> str:
    """Return the candidates, and the known boards that fit, as one JSON object."""
    fitting = [{"name": one.name, "frames": one.frames, "covered": round(one.covered, 3)} for one in boards]
    return json.dumps({"boards": fitting, "candidates": [_build_object(candidate) for candidate in candidates]})


def _list_header(candidates: Sequence[FramingCandidate], read: int, boards: Sequence[BoardMatch]) -> Iterator[str]:
    """Yield the first lines of the file: what it holds, and how it is tried."""
    yield from list_boards_that_fit(boards)
    yield "A proposal for the framing of an unknown protocol, not a fact: check it before relying on it."
    yield f"Read: {format_count(read, 'byte')}, of which {min(read, BYTES_SEARCHED):,} were searched."
    if candidates:
        yield "To try it, and to find what the payloads hold:"
        yield "  evse-sniff --definition proposal.toml SOURCE"
        yield "  evse-sniff learn --definition proposal.toml SOURCE"
    elif not boards:
        yield UNDETERMINED


def _list_evidence(number: int, candidate: FramingCandidate) -> Iterator[str]:
    """Yield the evidence for a candidate, and the questions that it leaves open."""
    first, *others = list_evidence(candidate)
    yield f"Candidate {number}: {first}"
    yield from others


def _build_object(candidate: FramingCandidate) -> dict[str, Any]:
    """Return the JSON object of a candidate, with the readings that are equal to it."""
    return {
        **_build_parts(candidate),
        "frames": candidate.frames,
        "of": candidate.of,
        "chance": candidate.chance,
        "certain": candidate.is_certain,
        "equal": [_build_parts(other) for other in candidate.equals],
    }


def _build_parts(candidate: FramingCandidate) -> dict[str, Any]:
    """Return the keys of the parts of a framing. A check that is not known has the name `unknown`."""
    length = candidate.length
    parts: dict[str, Any] = {
        "heads": [head.hex() for head in candidate.heads],
        "length": _build_length(length),
        "check": _build_check(candidate),
        "tail": candidate.tail.hex(),
    }
    if candidate.shapes:
        parts["sizes"] = [_build_shape(shape) for shape in candidate.shapes]
    if candidate.command is not None:
        parts["command"] = {"at": candidate.command, "size": 1}
    if candidate.delimiter:
        parts["delimiter"] = _build_delimiter(candidate.delimiter)
    return parts


def _build_check(candidate: FramingCandidate) -> dict[str, Any]:
    """Return the check of a candidate as the keys of a definition."""
    if candidate.check is None:
        return {"name": "unknown"}
    check = candidate.check.check
    keys: dict[str, Any] = {"name": check.name, "size": check.number_size, "order": check.order, "from": check.start}
    if check.digits:
        keys |= {"digits": check.digits, "mark": check.mark.hex()}
    if check.covers_digits:
        keys["covers"] = "digits"
    if isinstance(candidate.delimiter, CheckedDelimiter):
        keys |= {"behind": "end", "end_bytes": len(candidate.delimiter.covered)}
    keys |= {key: value for key, value in (("initial", check.initial), ("final_xor", check.final_xor)) if value}
    if crc := check.parameters:
        keys |= {"polynomial": crc.polynomial, "initial": crc.initial}
        keys |= {"reflected": crc.is_reflected, "final_xor": crc.final_xor}
    return keys


def _build_shape(shape: FrameShape) -> dict[str, Any]:
    """Return the keys of one shape, as `sizes` of a definition has them."""
    keys: dict[str, Any] = {"direction": DIRECTIONS[shape.head]} if shape.head is not None else {}
    if shape.codes:
        keys["commands"] = sorted(shape.codes)
    if not shape.size:
        return {**keys, "size": shape.adds}
    return {**keys, "length": _build_length(shape)}


def _build_length(length: LengthFit | FrameShape) -> dict[str, Any]:
    """Return the keys of a length. The unit is left out where it counts single bytes, and the mask of all bits."""
    keys: dict[str, Any] = {"at": length.at, "size": length.size, "order": length.order, "adds": length.adds}
    keys |= {"unit": length.unit} if length.unit > 1 else {}
    return keys | ({"mask": length.mask} if length.mask else {})


def _build_delimiter(delimiter: Delimiter) -> dict[str, Any]:
    """Return the bytes that end frames, and what the byte after the escape stands for, as a definition has them."""
    keys: dict[str, Any] = {"begin": delimiter.begin.hex()} if delimiter.begin else {}
    keys["end"] = delimiter.end.hex()
    if delimiter.is_stuffed:
        keys["coding"] = "cobs"
    if delimiter.escape is None:
        return keys
    keys["escape"] = f"{delimiter.escape:02x}"
    if delimiter.begin:
        return keys
    if delimiter.mask:
        return {**keys, "xor": delimiter.mask}
    return {**keys, "table": {f"{sent:02x}": f"{meant:02x}" for sent, meant in delimiter.table.items()}}
