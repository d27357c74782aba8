"""Proposals for commands from the statistics of their payloads: blocks of text, each a proposal or why there is none.

Bytes are named by their offset in the payload. A proposal holds for one payload size, the clearly most frequent one,
because an entry replaces the definition's entry for that link, direction and code. A command of varying size is listed
but not proposed, because its fields have no fixed offsets. Of a command with lists, bits or switches, what stands
before the first part whose size varies is proposed, and all else is restated.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from sniffer.base.phrasing import format_count, format_times
from sniffer.commands.learn.byte_evidence import (
    FEWEST_FRAMES,
    ByteEvidence,
    EvidenceKind,
    choose_strongest,
    find_evidence,
)
from sniffer.commands.learn.command_entry import build_command_entry
from sniffer.commands.learn.error_proposals import find_dominant
from sniffer.commands.learn.payload_stats import MOST_BYTES, Layout, Unit
from sniffer.core.protocol.conversions import Number
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.formats.proposal_toml import format_block

MOST_EVIDENCE = 12
"""The largest number of pieces of evidence listed for one layout: the strongest ones."""

_PHRASES = {
    EvidenceKind.SAME: "always equals {named}",
    EvidenceKind.COUNTER: "counts",
    EvidenceKind.CORRELATED: "moves with {named}",
    EvidenceKind.DECIDED: "is decided by {named}",
}


def format_command_blocks(layouts: Sequence[Layout], definition: Definition) -> Iterator[str]:
    """Yield a block for each command with unknown bytes, in the order in which they were first received."""
    quantities = {
        field.name
        for command in definition.commands
        for field in command.fields
        if isinstance(field.conversion, Number) and field.conversion.unit
    }
    by_code: dict[tuple[object, int], list[Layout]] = {}
    for layout in layouts:
        by_code.setdefault((layout.route, layout.code), []).append(layout)
    rare = []
    for group in by_code.values():
        if max(layout.frames for layout in group) < FEWEST_FRAMES:
            rare += group
        else:
            yield _format_block(group, quantities, definition.enumerations)
    if rare:
        too_rare = f"Received too rarely to judge their unknown bytes (fewer than {FEWEST_FRAMES} frames):"
        yield format_block([too_rare, *(f"  {_format_title(layout)}" for layout in rare)])


def _format_block(group: Sequence[Layout], quantities: Collection[str], enumerations: Mapping[str, Enumeration]) -> str:
    """Return the block of one command: the evidence on each payload size, then the proposal or why there is none."""
    comments = []
    found = {layout.size: find_evidence(layout, quantities) for layout in group}
    for layout in group:
        comments += [_format_title(layout), *_format_evidence(layout, found[layout.size])]
    size = find_dominant(Counter({layout.size: layout.frames for layout in group}))
    if size is None:
        return format_block([*comments, "Not proposed: no payload size was seen clearly most."])
    layout = next(layout for layout in group if layout.size == size)
    if reason := _find_obstacle(layout):
        return format_block([*comments, f"Not proposed: {reason}."])
    entry = build_command_entry(layout, choose_strongest(found[size]), enumerations)
    if entry is None:
        return format_block([*comments, "Not proposed: there is no evidence on what it does not know."])
    restated = "; what the definition has is restated, as this replaces the command whole" if layout.command else ""
    return format_block([*comments, f"Proposed{restated}:"], "command", entry)


def _find_obstacle(layout: Layout) -> str:
    """Return why no entry can be made from this layout; the text is empty if one can."""
    if layout.route.direction is None:
        return "its direction is not known"
    if layout.command and not layout.command.is_row:
        return ""
    if layout.command and layout.command.size is None:
        return "the command's size varies"
    if layout.command and layout.command.size and layout.command.size > layout.size:
        return "such payloads lack fields of the command"
    return ""


def _format_title(layout: Layout) -> str:
    link = layout.route.link
    way = layout.route.direction or "either direction"
    name = layout.command.name if layout.command else "unknown command"
    code = link.code_text(layout.code)
    is_whole = layout.command is None or layout.command.is_row or layout.command.size == layout.size
    size = format_count(layout.size, "byte") if is_whole else "any number of bytes"
    return f"{link.name} {way} {code} {name}, {size} of payload: {format_count(layout.frames, 'frame')}"


def _format_evidence(layout: Layout, found: Sequence[ByteEvidence]) -> Iterator[str]:
    """Yield a line for each unknown byte with its values, then a line for each piece of evidence."""
    observed = [unit.offset for unit in layout.units if unit.size == 1]
    for stays, group in groupby(observed, lambda at: layout.units[Unit(at, 1)].is_constant):
        offsets = list(group)
        if stays:
            yield from _format_constant_bytes(layout, offsets)
        else:
            yield from (_format_changing_byte(layout, at) for at in offsets)
    yield from _format_bits(layout)
    yield from (f"  left out: {words}: {format_count(count, 'frame')}" for words, count in layout.left.items())
    if layout.is_cut:
        yield f"  only the first {MOST_BYTES} unknown bytes were examined"
    for evidence in found[:MOST_EVIDENCE]:
        phrase = _PHRASES[evidence.kind].format(named=evidence.value_name)
        place = _format_place(evidence.unit.offset, evidence.unit.size)
        yield f"  {place}{_format_reading(evidence)}: {phrase} ({evidence.text})"
    if len(found) > MOST_EVIDENCE:
        yield f"  and {len(found) - MOST_EVIDENCE} weaker findings"


def _format_bits(layout: Layout) -> Iterator[str]:
    """Yield a line for each bit without a name that changed, and one for the others of its number."""
    for position, part in enumerate(layout.parts):
        bits = [bit for bit in layout.bits if bit.part == position and part.bits]
        for bit in bits:
            if bit.changes:
                name = part.bits.name if part.bits else ""
                changed = f"changed {format_times(bit.changes)}"
                yield f"  {name}, bit {bit.at}: set in {bit.set:,} of {bit.frames:,}, {changed}"
        if still := [str(bit.at) for bit in bits if not bit.changes]:
            yield f"  {part.bits.name if part.bits else ''}, bits {', '.join(still)}: did not change"


def _format_reading(evidence: ByteEvidence) -> str:
    """Return in words the form of the number in these bytes; empty for a single byte without a sign."""
    words = [
        *(["one number"] if evidence.unit.size > 1 else []),
        *(["low byte first"] if evidence.unit.order == "little" else []),
        *(["with a sign" if evidence.unit.size > 1 else "a number with a sign"] if evidence.is_signed else []),
    ]
    return f" as {', '.join(words)}" if words else ""


def _format_constant_bytes(layout: Layout, offsets: Sequence[int]) -> Iterator[str]:
    """Yield a line for each run of neighbouring bytes that never change."""
    for _, group in groupby(enumerate(offsets), lambda pair: pair[1] - pair[0]):
        row = [at for _, at in group]
        shown = layout.example[row[0] : row[-1] + 1].hex(" ").upper()
        yield f"  {_format_place(row[0], len(row))}: always {shown}"


def _format_changing_byte(layout: Layout, at: int) -> str:
    stats = layout.units[Unit(at, 1)]
    values = stats.seen.bit_count()
    span = f"0x{stats.least:02X} to 0x{stats.largest:02X}"
    return f"  byte {at}: {values} values, {span}, changed {stats.changes} of {stats.moves} times"


def _format_place(offset: int, size: int) -> str:
    return f"byte {offset}" if size == 1 else f"bytes {offset} to {offset + size - 1}"
