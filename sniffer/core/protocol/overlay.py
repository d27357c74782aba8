"""The overlay of one data file on the definition before it.

In: a definition and the entries of a file. Out: the definition with these entries; an entry replaces an earlier one on
the same subject (`docs/definition.md`, What overrides what). Nothing here depends on whether a file is packaged or a
user's: `sniffer.core.protocol.provenance` decides which provenance a fact has then.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition import Command, Definition, ErrorRow, LogLinePattern
from sniffer.core.protocol.enumeration import Enumeration, EnumerationEntry
from sniffer.core.protocol.parsers.definition_parser import ErrorEntry, ParsedFile

NEEDED_NAMES = {"status": ("Available", "Unavailable", "Faulted"), "ocpp_error": ("NoError",)}
"""The names that the charger model looks up."""


def overlay_enumerations(
    before: Mapping[str, Enumeration], entries: Mapping[str, EnumerationEntry]
) -> dict[str, Enumeration]:
    """Return the enumerations with these values added, or in place of those of the same number.

    Raises `DefinitionError` if the name of a status is lost, as transitions refer to it, or one of `NEEDED_NAMES`.
    """
    merged = {**before}
    for key, names in entries.items():
        known = before.get(key)
        merged[key] = _merge_values(known, names)
        if known:
            needed = known.names.values() if key == "status" else NEEDED_NAMES.get(key, ())
            gone = set(needed) - set(merged[key].names.values())
            if gone:
                raise DefinitionError(
                    f"{names.table.place}: values: must keep {', '.join(sorted(gone))} among their names"
                )
    return merged


def _merge_values(known: Enumeration | None, entries: EnumerationEntry) -> Enumeration:
    """Return an enumeration with the values of a user's entry added to, or in place of, the known ones.

    Raises `DefinitionError` if two numbers have the same name then.
    """
    label = entries.label or (known.label if known else entries.table.text("label"))
    names = {**(known.names if known else {}), **entries.names}
    numbers: dict[str, int] = {}
    for number, name in sorted(names.items(), key=lambda value: value[0] in entries.names):
        other = numbers.setdefault(name.casefold(), number)
        if other != number:
            raise entries.entries[number].wrong("name", f"different from the name of number {other}")
    return Enumeration(
        label,
        names,
        {**(known.meanings if known else {}), **entries.meanings},
        {**(known.provenance if known else {}), **entries.provenance},
        entries.moves or (known.moves if known else {}),
    )


def overlay_file(before: Definition, entries: ParsedFile) -> Definition:
    """Return the definition with these entries added, or in place of those that they are about."""
    return replace(
        before,
        links=entries.links,
        commands=_merge_commands(before.commands, entries.commands),
        lines=_merge_lines(before.lines, entries.lines),
        transitions={**before.transitions, **{one.start: one.ends for one in entries.transitions}},
        transition_provenance={
            **before.transition_provenance,
            **{one.start: one.provenance for one in entries.transitions},
        },
        pilot=tuple({state.state: state for state in (*before.pilot, *entries.pilot)}.values()),
        errors=_merge_errors(before.errors, entries.errors),
        exchanges=tuple({one.name: one for one in (*before.exchanges, *entries.exchanges)}.values()),
    )


def _merge_commands(before: Iterable[Command], entries: Iterable[Command]) -> tuple[Command, ...]:
    merged = _group_by_key(before) | _group_by_key(entries)
    return tuple(command for commands in merged.values() for command in commands)


def _group_by_key(commands: Iterable[Command]) -> dict[object, list[Command]]:
    """Return the commands by route and code; several can share both and differ in size."""
    found: dict[object, list[Command]] = {}
    for command in commands:
        found.setdefault((command.route, command.code), []).append(command)
    return found


def _merge_lines(before: Iterable[LogLinePattern], entries: Sequence[LogLinePattern]) -> tuple[LogLinePattern, ...]:
    """Return the patterns in the order in which they are tried: those of the last file first."""
    patterns = {line.pattern for line in entries}
    return (*entries, *(line for line in before if line.pattern not in patterns))


def _merge_errors(before: Sequence[ErrorRow], entries: Sequence[ErrorEntry]) -> tuple[ErrorRow, ...]:
    """Return the rows, changed by the entries that are about them, and new rows for the other entries.

    An M4 code in an entry is removed from every row that the entry is not about. A row without codes is removed.
    """
    rows = list(before)
    stated: dict[int, set[int]] = {}
    for entry in entries:
        places = [place for place, row in enumerate(before) if _is_about(entry, row)]
        if not places:
            places = [len(rows)]
            rows.append(_build_row(entry))
        for place in places:
            rows[place] = _change_row(rows[place], entry)
            stated.setdefault(place, set()).update(entry.m4)
    moved = {code for codes in stated.values() for code in codes}
    kept = []
    for place, row in enumerate(rows):
        elsewhere = moved - stated.get(place, set())
        kept.append(replace(row, m4={code: word for code, word in row.m4.items() if code not in elsewhere}))
    return tuple(row for row in kept if row.vendor is not None or row.m4)


def _is_about(entry: ErrorEntry, row: ErrorRow) -> bool:
    """Return True if an entry changes this row of the error table, and does not add another."""
    if entry.vendor != row.vendor:
        return False
    if entry.vendor is None:
        return (entry.stop_reason or "", entry.meaning) == (row.stop_reason, row.meaning)
    return entry.stop_reason in (None, row.stop_reason)


def _build_row(entry: ErrorEntry) -> ErrorRow:
    """Return a new row of the error table. Raises `DefinitionError` if its meaning or its provenance is missing."""
    if entry.meaning is None or entry.provenance is None:
        raise entry.table.wrong("meaning", "a text, as no row has this vendor code and stop reason yet")
    return ErrorRow(entry.vendor, entry.stop_reason or "", entry.meaning, entry.provenance, None, None, {})


def _change_row(row: ErrorRow, entry: ErrorEntry) -> ErrorRow:
    """Return the row with the facts that the entry states."""
    if entry.meaning is not None and entry.provenance is not None:
        row = replace(row, meaning=entry.meaning, provenance=entry.provenance)
    if entry.ocpp is not None:
        row = replace(row, ocpp=entry.ocpp, ocpp_provenance=entry.ocpp_provenance)
    row = replace(
        row,
        about=entry.details.get("about", row.about),
        measure=entry.details.get("measure", row.measure),
        severity=entry.details.get("severity", row.severity),
    )
    return replace(row, m4={**row.m4, **entry.m4})
