"""The provenance of facts after a user's files were laid over the packaged ones.

In: the definition with the provenances that the files state, and the packaged definition. Out: the definition with the
provenances that are valid. `verified`, `documented` and `inferred` belong to the package: each stays only on a fact
that the package states in the same way. So a user can edit the printed definition and load it, and untouched facts keep
their provenance. Every other fact is `user`, or `assumed` if the user states that.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sniffer.core.protocol.definition import Command, Definition, ErrorRow, Field, LogLinePattern
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.layout.parts import Size

USER_PROVENANCE = (Provenance.ASSUMED, Provenance.USER)
"""The provenances that a user may state for any fact."""

CLAIMS_NOTHING = "unknown"
"""The beginning of the name of a field whose meaning is unknown."""


def settle_provenance(stated: Definition, packaged: Definition) -> Definition:
    """Return the stated definition, each fact with the provenance that it may have.

    A fact keeps the stated provenance if the package states the same, or if a user may state it. Otherwise it is
    `user`.
    """
    return replace(
        stated,
        commands=tuple(_mark_command(command, packaged.commands) for command in stated.commands),
        lines=tuple(_mark_line(line, packaged.lines) for line in stated.lines),
        transition_provenance={
            start: _choose_provenance(word, same=_get_transition(packaged, start) == _get_transition(stated, start))
            for start, word in stated.transition_provenance.items()
        },
        pilot=tuple(
            replace(state, provenance=_choose_provenance(state.provenance, same=state in packaged.pilot))
            for state in stated.pilot
        ),
        errors=tuple(_mark_row(row, packaged.errors) for row in stated.errors),
        exchanges=tuple(
            replace(one, provenance=_choose_provenance(one.provenance, same=one in packaged.exchanges))
            for one in stated.exchanges
        ),
    )


def settle_enumerations(
    stated: Mapping[str, Enumeration], packaged: Mapping[str, Enumeration]
) -> dict[str, Enumeration]:
    """Return the stated enumerations, each value with the provenance that it may have.

    A value keeps the stated provenance if the package states the same fact, or if a user may state it. Otherwise it is
    `user`.
    """
    settled = {}
    for key, names in stated.items():
        base = packaged.get(key)
        settled[key] = replace(
            names,
            provenance={
                number: _choose_provenance(
                    word, same=base is not None and _get_value(base, number) == _get_value(names, number)
                )
                for number, word in names.provenance.items()
            },
        )
    return settled


def _choose_provenance(stated: Provenance, *, same: bool) -> Provenance:
    """Return the provenance that a fact may have. `same` is True if the package has the fact with the stated one."""
    return stated if same or stated in USER_PROVENANCE else Provenance.USER


def _get_transition(definition: Definition, start: str) -> object:
    """Return all that a definition has for the transitions from a status, to be compared with another definition."""
    return definition.transitions.get(start), definition.transition_provenance.get(start)


def _get_value(names: Enumeration, number: int) -> object:
    """Return all that an enumeration has for a number, to be compared with that of another definition."""
    return names.names.get(number), names.meanings.get(number), names.provenance.get(number)


def _mark_command(command: Command, packaged: Iterable[Command]) -> Command:
    """Return the command with valid provenances: its name and role are one fact, each field at its offset another."""
    matching = [one for one in packaged if (one.route, one.code) == (command.route, command.code)]
    if command in matching:
        return command
    same = any(_strip_fields(one) == _strip_fields(command) for one in matching)
    placed = [place for one in matching for place in _list_places(one.fields)]
    return replace(
        command,
        provenance=command.provenance
        if same
        else _choose_provenance(command.provenance or Provenance.USER, same=False),
        # What a payload with parts holds depends on more than the fields themselves.
        fields=tuple(
            _mark_field(field, not command.parts and (before, field) in placed)
            for before, field in _list_places(command.fields)
        ),
    )


def _mark_line(line: LogLinePattern, packaged: Iterable[LogLinePattern]) -> LogLinePattern:
    """Return the pattern of a log line with valid provenances.

    Its name and role are one fact, and each field is another.
    """
    matching = [one for one in packaged if one.pattern == line.pattern]
    return replace(
        line,
        provenance=_choose_provenance(
            line.provenance, same=any(replace(one, fields=()) == replace(line, fields=()) for one in matching)
        ),
        fields=tuple(_mark_field(field, any(field in one.fields for one in matching)) for field in line.fields),
    )


def _strip_fields(command: Command) -> Command:
    """Return a command without its fields, to be compared with another one."""
    return replace(command, summary="", fields=(), positions={})


def _list_places(fields: tuple[Field, ...]) -> list[tuple[object, Field]]:
    """Return each field with its position: its offset in bytes, and all sizes from a field of varying size on."""
    placed: list[tuple[object, Field]] = []
    offset, varying = 0, tuple[Size, ...]()
    for field in fields:
        placed.append(((offset, varying), field))
        if varying or not isinstance(field.size, int):
            varying += (field.size,)
        else:
            offset += field.size
    return placed


def _mark_field(field: Field, same: bool) -> Field:
    """Return a field with its valid provenance.

    `same` is True if the package has the field. A field without meaning has none.
    """
    if same:
        return field
    if field.provenance is None and (
        field.type == "unknown" or field.name.rpartition(".")[2].startswith(CLAIMS_NOTHING)
    ):
        return field
    return replace(field, provenance=_choose_provenance(field.provenance or Provenance.USER, same=False))


def _mark_row(row: ErrorRow, packaged: Iterable[ErrorRow]) -> ErrorRow:
    """Return the row with valid provenances: the meaning of its vendor code is one fact, each other code another."""
    base = next((one for one in packaged if (one.vendor, one.stop_reason) == (row.vendor, row.stop_reason)), None)
    if base is None:
        base = replace(row, meaning="", ocpp=None, m4={})
    return replace(
        row,
        provenance=_choose_provenance(
            row.provenance, same=(base.meaning, base.provenance) == (row.meaning, row.provenance)
        ),
        ocpp_provenance=row.ocpp_provenance
        and _choose_provenance(
            row.ocpp_provenance, same=(base.ocpp, base.ocpp_provenance) == (row.ocpp, row.ocpp_provenance)
        ),
        m4={code: _choose_provenance(word, same=base.m4.get(code) == word) for code, word in row.m4.items()},
    )
