"""Lay what one file says over what is known before it.

In: a definition and what a file says, entry by entry. Out: the definition with the entries added, or in the place of
those that they are about (`docs/definition.md`, What overrides what). Nothing here asks whether a file is the package's or
a user's: whose word a fact then has is decided in `sniffer.core.protocol.provenance`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition import Command, Definition, ErrorRow, LogLinePattern
from sniffer.core.protocol.definition_parser import EnumerationEntry, ErrorEntry, ParsedFile
from sniffer.core.protocol.enumeration import Enumeration

NEEDED_NAMES = {"status": ("Available", "Unavailable", "Faulted"), "ocpp_error": ("NoError",)}
"""What the charger model looks up by name."""


def overlay_enumerations(
    before: Mapping[str, Enumeration], said: Mapping[str, EnumerationEntry]
) -> dict[str, Enumeration]:
    """The enumerations with these values added, or in the place of those of the same number.

    Statuses keep their names, as the moves between them are told by name; so does what the charger model looks up.
    """
    merged = {**before}
    for key, names in said.items():
        known = before.get(key)
        merged[key] = _with_values(known, names)
        if known:
            needed = known.names.values() if key == "status" else NEEDED_NAMES.get(key, ())
            gone = set(needed) - set(merged[key].names.values())
            if gone:
                raise DefinitionError(
                    f"{names.table.place}: values: must keep {', '.join(sorted(gone))} among their names"
                )
    return merged


def _with_values(known: Enumeration | None, said: EnumerationEntry) -> Enumeration:
    label = said.label or (known.label if known else said.table.text("label"))
    names = {**(known.names if known else {}), **said.names}
    numbers: dict[str, int] = {}
    for number, name in sorted(names.items(), key=lambda value: value[0] in said.names):
        other = numbers.setdefault(name.casefold(), number)
        if other != number:
            raise said.entries[number].wrong("name", f"different from the name of number {other}")
    return Enumeration(
        label,
        names,
        {**(known.meanings if known else {}), **said.meanings},
        {**(known.provenance if known else {}), **said.provenance},
    )


def overlay_file(before: Definition, said: ParsedFile) -> Definition:
    """The definition with these entries added, or in the place of those that they are about."""
    return replace(
        before,
        commands=_commands(before.commands, said.commands),
        lines=_lines(before.lines, said.lines),
        transitions={**before.transitions, **{one.start: one.ends for one in said.transitions}},
        transition_provenance={
            **before.transition_provenance,
            **{one.start: one.provenance for one in said.transitions},
        },
        pilot=tuple({state.state: state for state in (*before.pilot, *said.pilot)}.values()),
        errors=_errors(before.errors, said.errors),
    )


def _commands(before: Iterable[Command], said: Iterable[Command]) -> tuple[Command, ...]:
    merged = _by_key(before) | _by_key(said)
    return tuple(command for commands in merged.values() for command in commands)


def _by_key(commands: Iterable[Command]) -> dict[object, list[Command]]:
    """One code in one direction can be several commands, told apart by their sizes."""
    found: dict[object, list[Command]] = {}
    for command in commands:
        found.setdefault((command.route, command.code), []).append(command)
    return found


def _lines(before: Iterable[LogLinePattern], said: Sequence[LogLinePattern]) -> tuple[LogLinePattern, ...]:
    """What is said last is tried first."""
    patterns = {line.pattern for line in said}
    return (*said, *(line for line in before if line.pattern not in patterns))


def _errors(before: Sequence[ErrorRow], said: Sequence[ErrorEntry]) -> tuple[ErrorRow, ...]:
    """Entries change the rows that they are about, or are new rows.

    An M4 code that is stated is taken out of every row that it is not stated for. A row that has no code left is gone.
    """
    rows = list(before)
    stated: dict[int, set[int]] = {}
    for entry in said:
        places = [place for place, row in enumerate(before) if _is_about(entry, row)]
        if not places:
            places = [len(rows)]
            rows.append(_new_row(entry))
        for place in places:
            rows[place] = _changed(rows[place], entry)
            stated.setdefault(place, set()).update(entry.m4)
    moved = {code for codes in stated.values() for code in codes}
    kept = []
    for place, row in enumerate(rows):
        elsewhere = moved - stated.get(place, set())
        kept.append(replace(row, m4={code: word for code, word in row.m4.items() if code not in elsewhere}))
    return tuple(row for row in kept if row.vendor is not None or row.m4)


def _is_about(entry: ErrorEntry, row: ErrorRow) -> bool:
    if entry.vendor != row.vendor:
        return False
    if entry.vendor is None:
        return (entry.stop_reason or "", entry.meaning) == (row.stop_reason, row.meaning)
    return entry.stop_reason in (None, row.stop_reason)


def _new_row(entry: ErrorEntry) -> ErrorRow:
    if entry.meaning is None or entry.provenance is None:
        raise entry.table.wrong("meaning", "a text, as no row has this vendor code and stop reason yet")
    return ErrorRow(entry.vendor, entry.stop_reason or "", entry.meaning, entry.provenance, None, None, {})


def _changed(row: ErrorRow, entry: ErrorEntry) -> ErrorRow:
    """The row with what the entry states."""
    if entry.meaning is not None and entry.provenance is not None:
        row = replace(row, meaning=entry.meaning, provenance=entry.provenance)
    if entry.ocpp is not None:
        row = replace(row, ocpp=entry.ocpp, ocpp_provenance=entry.ocpp_provenance)
    return replace(row, m4={**row.m4, **entry.m4})
