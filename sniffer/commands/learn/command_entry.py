"""The entry of a proposed command, in the format of a definition file (`sniffer/docs/definition.md`).

An entry replaces a command as a whole, so it restates what the definition has, each fact with its own provenance: the
loader keeps the package's provenance for the package's facts (`sniffer.core.protocol.provenance`). Unknown bytes are
split where there is evidence: each piece of evidence gets a field of its own, and bytes that change are kept apart from
constant ones. A field without a claim is named `unknown...` and has no provenance.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import tomlkit

from sniffer.base.phrasing import format_times
from sniffer.commands.learn.byte_evidence import ByteEvidence, EvidenceKind
from sniffer.commands.learn.payload_stats import BitStats, Layout, LayoutPart, Unit
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.definition_writer import (
    build_field_entry,
    build_payload_entries,
    default_bytes,
    format_bytes,
)
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.message import PLACEHOLDER
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_writer import format_hex
from sniffer.formats.proposal_toml import ASSUMED, build_inline_table

ProposedEntry = dict[str, Any]

_NAMES = {
    EvidenceKind.SAME: "same_as_{named}_{offset}",
    EvidenceKind.COUNTER: "counter_{offset}",
    EvidenceKind.CORRELATED: "moves_with_{named}_{offset}",
    EvidenceKind.DECIDED: "decided_by_{named}_{offset}",
}
_ABOUT = {
    EvidenceKind.SAME: "Proposed: equals {named}.",
    EvidenceKind.COUNTER: "Proposed: goes up by one from frame to frame.",
    EvidenceKind.CORRELATED: "Proposed: moves with {named}.",
    EvidenceKind.DECIDED: "Proposed: decided by {named}.",
}


def build_command_entry(
    layout: Layout, found: Sequence[ByteEvidence], enumerations: Mapping[str, Enumeration]
) -> ProposedEntry | None:
    """Return the entry of the command with this evidence, or None if it adds nothing new.

    The pieces of evidence must not overlap.
    """
    if layout.command and not layout.command.is_row:
        return _build_compound_entry(layout, layout.command, found, enumerations)
    taken = {part.field.name for part in layout.parts if part.field}
    summary = layout.command.summary if layout.command else ""
    fields: list[ProposedEntry] = []
    shown_names: list[str] = []
    is_new = False
    for part in layout.parts:
        if part.field:
            taken.discard(part.field.name)
        split = [*_split_part(part, layout, found, taken)] if part.is_unknown else []
        claims = [field["name"] for field in split if "provenance" in field]
        if part.field and len(split) < 2 and not claims:
            fields.append(_drop_missing(build_field_entry(part.field, enumerations, layout.route.link.order)))
            taken.add(part.field.name)
            continue
        is_new |= len(split) > 1 or bool(claims)
        fields += split
        place = f"{{{part.field.name}}}" if part.field else ""
        if place and place in summary:
            summary = summary.replace(place, " ".join(f"{{{field['name']}}}" for field in split))
        else:
            shown_names += claims if layout.command else [field["name"] for field in split]
    if not is_new:
        return None
    summary = ", ".join([*([summary] if summary else []), *(f"{name} {{{name}}}" for name in shown_names)])
    return _assemble(layout, summary, fields)


def _build_compound_entry(
    layout: Layout, command: Command, found: Sequence[ByteEvidence], enumerations: Mapping[str, Enumeration]
) -> ProposedEntry | None:
    """Return the entry of a command with lists, bits or switches; None if it adds nothing new.

    Unknown bytes before the first part whose size varies are split, and bits that changed get a name. All else is
    restated.
    """
    entries = [dict(entry) for entry in build_payload_entries(command, enumerations)]
    fields: list[ProposedEntry] = []
    taken = {entry["name"] for entry in entries if "name" in entry}
    is_new = False
    for position, part in enumerate(layout.parts):
        entry = _drop_missing(entries[position])
        if part.bits:
            named = [_build_bit(bit) for bit in layout.bits if bit.part == position and bit.changes]
            entry["bits"] = sorted([*entry["bits"], *named], key=lambda bit: bit["at"])
            is_new |= bool(named)
        elif part.field and part.is_unknown:
            taken.discard(part.field.name)
            split = [*_split_part(part, layout, found, taken)]
            if len(split) > 1 or any("provenance" in field for field in split):
                is_new = True
                fields += split
                continue
            taken.add(part.field.name)
        fields.append(entry)
    fields += map(_drop_missing, entries[len(layout.parts) :])
    if not is_new or _loses_names(command.summary, {field["name"] for field in fields if "name" in field}):
        return None
    return _assemble(layout, command.summary, fields)


def _assemble(layout: Layout, summary: str, fields: Sequence[ProposedEntry]) -> ProposedEntry:
    """Return the entry of a command with this summary and these fields, one on each line."""
    array = tomlkit.array()
    array.extend(build_inline_table(field) for field in fields)
    return _build_head(layout) | {"summary": summary, **_restate_provenance(layout), "fields": array.multiline(True)}


def _drop_missing(entry: Mapping[str, Any]) -> ProposedEntry:
    """Return the keys of an entry that have a value: TOML has no None."""
    return {key: value for key, value in entry.items() if value is not None}


def _build_bit(bit: BitStats) -> ProposedEntry:
    """Return the entry of a bit that changed."""
    about = f"Proposed: set in {bit.set:,} of {bit.frames:,} frames, changed {format_times(bit.changes)}."
    return {"name": f"bit_{bit.at}", "at": bit.at, "provenance": ASSUMED, "about": about}


def _loses_names(summary: str, names: Collection[str]) -> bool:
    """Return True if a summary shows a field that has another name now."""
    return any(name.partition(".")[0] not in names and "." not in name for name in PLACEHOLDER.findall(summary))


def _build_head(layout: Layout) -> ProposedEntry:
    """Return the keys that come before the fields: which command it is, and what else the definition says of it."""
    link, command = layout.route.link, layout.command
    digits = link.code_digits
    head: ProposedEntry = {
        "link": link.name,
        "code": format_hex(layout.code, digits),
        "direction": str(layout.route.direction),
        "name": command.name if command else f"command {layout.code:0{digits}X} (proposed)",
    }
    if command and command.about:
        head["about"] = command.about
    if command and command.role and not any(field.tells for field in command.fields):
        head["tells"] = command.role
    if command and command.answers:
        codes = [format_hex(code, digits) for code in command.answered]
        head["answers"] = codes if len(codes) > 1 else codes[0] if codes else True
    if command and command.sequences:
        head["sequence"] = list(command.sequences)
    return head


def _restate_provenance(layout: Layout) -> ProposedEntry:
    """Return the command's own provenance; a command that the definition lacks is itself a proposal."""
    if layout.command is None:
        return {"provenance": ASSUMED}
    return {"provenance": layout.command.provenance.value} if layout.command.provenance else {}


def _split_part(
    part: LayoutPart, layout: Layout, found: Sequence[ByteEvidence], taken: set[str]
) -> Iterator[ProposedEntry]:
    """Yield the fields that stand for these unknown bytes, and add their names to `taken`."""
    claims = {evidence.unit.offset: evidence for evidence in found if part.start <= evidence.unit.offset < part.end}
    claimed = {at: offset for offset, claim in claims.items() for at in range(offset, offset + claim.unit.size)}

    def kind(at: int) -> tuple[int | None, bool]:
        """Return the key by which bytes are kept together: the claim on them, or whether they change."""
        stats = layout.units.get(Unit(at, 1))
        return claimed.get(at), at not in claimed and stats is not None and not stats.is_constant

    for (claim, _), group in groupby(range(part.start, part.end), kind):
        start, *others = group
        size = 1 + len(others)
        field: ProposedEntry = {"name": _take_free_name(f"unknown_{start}", taken), "size": size, "type": "unknown"}
        if claim is not None:
            field = _build_claim(claims[claim], layout.route.link.order, taken)
        if part.field and (default := default_bytes(part.field)):
            field["default"] = format_bytes(default[start - part.start :][:size])
        yield field


def _build_claim(evidence: ByteEvidence, order: ByteOrder, taken: set[str]) -> ProposedEntry:
    """Return the entry of the field that this evidence proposes, and add its name to `taken`.

    `order` is the byte order of fields that state none.
    """
    named = re.sub(r"\W", "_", evidence.value_name, flags=re.ASCII)
    name = _NAMES[evidence.kind].format(named=named, offset=evidence.unit.offset)
    about = _ABOUT[evidence.kind].format(named=evidence.value_name)
    return {
        "name": _take_free_name(name, taken),
        "size": evidence.unit.size,
        **({"type": "int"} if evidence.is_signed else {}),
        **({"order": evidence.unit.order} if evidence.unit.order != order else {}),
        "provenance": ASSUMED,
        "about": about,
    }


def _take_free_name(name: str, taken: set[str]) -> str:
    """Return the name, with as many `_` added as it needs to be free, and add it to `taken`."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name
