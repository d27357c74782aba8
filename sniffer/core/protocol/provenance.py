"""Whose word stands for a fact once a user's files were laid over the packaged ones.

In: the definition with the words that the files state, and the packaged one. Out: the definition with words that hold.
Verified, documented and inferred are the package's to say: each stays only with a fact that the package states in the
same way, so that its printed definition can be edited and given back, and what was not touched keeps its word. Any
other fact is the user's, or assumed where the user says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sniffer.core.protocol.conversions import Plain
from sniffer.core.protocol.definition import Command, Definition, ErrorRow, Field, LogLinePattern, Size
from sniffer.core.protocol.enumeration import Enumeration, Provenance

USER_PROVENANCE = (Provenance.ASSUMED, Provenance.USER)
"""What a user may say of any fact."""

CLAIMS_NOTHING = "unknown"
"""How the name of a field begins whose meaning nobody knows."""


def settle_provenance(stated: Definition, packaged: Definition) -> Definition:
    """The definition with a word for each fact that holds. A fact that is the package's keeps its word."""
    return replace(
        stated,
        commands=tuple(_command(command, packaged.commands) for command in stated.commands),
        lines=tuple(_line(line, packaged.lines) for line in stated.lines),
        transition_provenance={
            start: _word(word, same=_moves(packaged, start) == _moves(stated, start))
            for start, word in stated.transition_provenance.items()
        },
        pilot=tuple(
            replace(state, provenance=_word(state.provenance, same=state in packaged.pilot)) for state in stated.pilot
        ),
        errors=tuple(_row(row, packaged.errors) for row in stated.errors),
    )


def settle_enumerations(
    stated: Mapping[str, Enumeration], packaged: Mapping[str, Enumeration]
) -> dict[str, Enumeration]:
    """The same for the values of enumerations."""
    found = {}
    for key, names in stated.items():
        known = packaged.get(key)
        found[key] = replace(
            names,
            provenance={
                number: _word(word, same=known is not None and _value(known, number) == _value(names, number))
                for number, word in names.provenance.items()
            },
        )
    return found


def _word(stated: Provenance, *, same: bool) -> Provenance:
    """The word for a fact; `same`: the package has this fact with this word."""
    return stated if same or stated in USER_PROVENANCE else Provenance.USER


def _moves(definition: Definition, start: str) -> object:
    return definition.transitions.get(start), definition.transition_provenance.get(start)


def _value(names: Enumeration, number: int) -> object:
    return names.names.get(number), names.meanings.get(number), names.provenance.get(number)


def _command(command: Command, packaged: Iterable[Command]) -> Command:
    """A command's own fact is its name and what it tells, however it is summed up; each field is one, at its place."""
    known = [one for one in packaged if (one.route, one.code) == (command.route, command.code)]
    same = any(_alone(one) == _alone(command) for one in known)
    placed = [place for one in known for place in _placed(one.fields)]
    return replace(
        command,
        provenance=command.provenance if same else _word(command.provenance or Provenance.USER, same=False),
        fields=tuple(_field(field, (before, field) in placed) for before, field in _placed(command.fields)),
    )


def _line(line: LogLinePattern, packaged: Iterable[LogLinePattern]) -> LogLinePattern:
    known = [one for one in packaged if one.pattern == line.pattern]
    return replace(
        line,
        provenance=_word(
            line.provenance, same=any(replace(one, fields=()) == replace(line, fields=()) for one in known)
        ),
        fields=tuple(_field(field, any(field in one.fields for one in known)) for field in line.fields),
    )


def _alone(command: Command) -> Command:
    return replace(command, summary="", fields=(), positions={})


def _placed(fields: tuple[Field, ...]) -> list[tuple[object, Field]]:
    """Each field with where it stands: its offset, and after a field of varying size, all sizes from there on."""
    placed: list[tuple[object, Field]] = []
    offset, varying = 0, tuple[Size, ...]()
    for field in fields:
        placed.append(((offset, varying), field))
        if varying or not isinstance(field.size, int):
            varying += (field.size,)
        else:
            offset += field.size
    return placed


def _field(field: Field, same: bool) -> Field:
    if same:
        return field
    if field.provenance is None and (isinstance(field.conversion, Plain) or field.name.startswith(CLAIMS_NOTHING)):
        return field
    return replace(field, provenance=_word(field.provenance or Provenance.USER, same=False))


def _row(row: ErrorRow, packaged: Iterable[ErrorRow]) -> ErrorRow:
    """A row is the fact that a vendor code means this, and one for each other code that goes with it."""
    known = next((one for one in packaged if (one.vendor, one.stop_reason) == (row.vendor, row.stop_reason)), None)
    if known is None:
        known = replace(row, meaning="", ocpp=None, m4={})
    return replace(
        row,
        provenance=_word(row.provenance, same=(known.meaning, known.provenance) == (row.meaning, row.provenance)),
        ocpp_provenance=row.ocpp_provenance
        and _word(row.ocpp_provenance, same=(known.ocpp, known.ocpp_provenance) == (row.ocpp, row.ocpp_provenance)),
        m4={code: _word(word, same=known.m4.get(code) == word) for code, word in row.m4.items()},
    )
