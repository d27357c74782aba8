"""Provenance after a user's file: unchanged facts of the package keep theirs, all others are the user's."""

from typing import Any

import pytest
from msgspec.structs import replace

from sniffer.core.protocol.conversions import Plain
from sniffer.core.protocol.definition import Command, Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.provenance import settle_enumerations, settle_provenance
from tests.core.protocol.helpers import DEFINITION

REPORT = DEFINITION.command("status report")
ROW = next(row for row in DEFINITION.errors if row.ocpp and row.m4 and row.vendor)
STRONG = (Provenance.VERIFIED, Provenance.DOCUMENTED, Provenance.INFERRED)
EVERY_WORD = pytest.mark.parametrize("stated", [*Provenance])


def settled(**changes: Any) -> Definition:
    return settle_provenance(replace(DEFINITION, **changes), DEFINITION)


def settle_command(command: Command) -> Command:
    return settled(commands=(command,)).commands[0]


def settle_row(row: ErrorRow) -> ErrorRow:
    return settled(errors=(row,)).errors[0]


def limited(stated: Provenance) -> Provenance:
    """Return what remains of a provenance that a user states for a fact of his own."""
    return Provenance.USER if stated in STRONG else stated


def test_the_packaged_definition_keeps_every_provenance() -> None:
    assert settle_provenance(DEFINITION, DEFINITION) == DEFINITION
    assert settle_enumerations(DEFINITION.enumerations, DEFINITION.enumerations) == DEFINITION.enumerations


@EVERY_WORD
def test_a_renamed_command_is_the_users_but_its_fields_are_the_packages(stated: Provenance) -> None:
    command = settle_command(replace(REPORT, name="mine", provenance=stated))
    assert command.provenance == limited(stated)
    assert command.fields == REPORT.fields


def test_a_new_command_without_a_provenance_is_the_users() -> None:
    assert settle_command(replace(REPORT, code=0x77, provenance=None)).provenance == Provenance.USER


def test_a_summary_is_no_fact() -> None:
    assert settle_command(replace(REPORT, summary="")).provenance == REPORT.provenance


def test_the_fields_of_a_new_command_are_the_users() -> None:
    command = settle_command(replace(REPORT, code=0x77))
    for field, before in zip(command.fields, REPORT.fields, strict=True):
        kept = before.provenance is None and (isinstance(before.conversion, Plain) or before.name.startswith("unknown"))
        assert field.provenance == (None if kept else limited(before.provenance or Provenance.USER))


def test_a_field_at_another_offset_is_the_users() -> None:
    first, second, *rest = REPORT.fields
    command = settle_command(replace(REPORT, fields=(second, first, *rest)))
    assert [field.provenance for field in command.fields[:2]] == [Provenance.USER] * 2
    assert [*command.fields[2:]] == rest


def test_a_field_after_one_of_varying_size_is_at_another_place() -> None:
    first, second, *_ = REPORT.fields
    varying = replace(first, name="unknown_9", conversion=Plain(), type="unknown", size="rest", provenance=None)
    packaged = replace(DEFINITION, commands=(replace(REPORT, fields=(varying, second)),))
    longer = replace(packaged, commands=(replace(REPORT, fields=(replace(varying, size="to zero"), second)),))
    assert settle_provenance(packaged, packaged) == packaged
    assert settle_provenance(longer, packaged).commands[0].fields[1].provenance == Provenance.USER


@pytest.mark.parametrize("name", ["mine", "unknown_mine"])
def test_a_field_that_claims_nothing_has_no_provenance(name: str) -> None:
    first = replace(REPORT.fields[0], name=name, provenance=None)
    known_bytes = replace(first, type="bytes", conversion=Plain())
    for added in (first, known_bytes, replace(known_bytes, type="unknown")):
        field = settle_command(replace(REPORT, fields=(*REPORT.fields, added))).fields[-1]
        claims = name == "mine" and added.type != "unknown"
        assert field.provenance == (Provenance.USER if claims else None)


@EVERY_WORD
def test_a_changed_line_is_the_users(stated: Provenance) -> None:
    line = DEFINITION.lines[0]
    assert settled(lines=(replace(line, name="mine", provenance=stated),)).lines[0].provenance == limited(stated)
    assert settled(lines=(replace(line, pattern="mine", provenance=stated),)).lines[0].provenance == limited(stated)


def test_the_fields_of_a_line_are_facts_of_their_own() -> None:
    line = next(line for line in DEFINITION.lines if len(line.fields) > 1)
    first, *rest = line.fields
    changed = settled(lines=(replace(line, fields=(replace(first, about="mine"), *rest)),)).lines[0]
    assert changed.provenance == line.provenance
    assert changed.fields[0].provenance == Provenance.USER
    assert [*changed.fields[1:]] == rest


def test_changed_transitions_are_the_users() -> None:
    start, other, *_ = DEFINITION.transitions
    changed = settled(transitions={**DEFINITION.transitions, start: ()})
    assert changed.transition_provenance[start] == Provenance.USER
    assert changed.transition_provenance[other] == DEFINITION.transition_provenance[other]


@EVERY_WORD
def test_a_changed_pilot_state_is_the_users(stated: Provenance) -> None:
    state = replace(DEFINITION.pilot[0], meaning="mine", provenance=stated)
    assert settled(pilot=(state, DEFINITION.pilot[1])).pilot == (
        replace(state, provenance=limited(stated)),
        DEFINITION.pilot[1],
    )


def test_each_code_of_an_error_row_is_a_fact_of_its_own() -> None:
    renamed = settle_row(replace(ROW, meaning="mine", provenance=Provenance.VERIFIED))
    assert renamed == replace(ROW, meaning="mine", provenance=Provenance.USER)
    other_ocpp = settle_row(replace(ROW, ocpp=(ROW.ocpp or 0) + 1, ocpp_provenance=Provenance.VERIFIED))
    assert other_ocpp == replace(ROW, ocpp=(ROW.ocpp or 0) + 1, ocpp_provenance=Provenance.USER)
    more = settle_row(replace(ROW, m4={**ROW.m4, 999: Provenance.VERIFIED, 998: Provenance.ASSUMED}))
    assert more == replace(ROW, m4={**ROW.m4, 999: Provenance.USER, 998: Provenance.ASSUMED})


def test_a_stronger_provenance_of_a_packaged_fact_is_the_users() -> None:
    weak = next(row for row in DEFINITION.errors if row.provenance != Provenance.VERIFIED)
    assert settle_row(replace(weak, provenance=Provenance.VERIFIED)).provenance == Provenance.USER


def test_a_row_of_the_user_states_nothing_of_the_package() -> None:
    row = replace(
        ROW, vendor=0x999, provenance=Provenance.VERIFIED, ocpp_provenance=None, ocpp=None, m4={4: Provenance.VERIFIED}
    )
    assert settle_row(row) == replace(row, provenance=Provenance.USER, m4={4: Provenance.USER})


@EVERY_WORD
@pytest.mark.parametrize("changes", [{"names": "Parked"}, {"meanings": "mine"}], ids=str)
def test_a_changed_value_of_an_enumeration_is_the_users(stated: Provenance, changes: dict[str, str]) -> None:
    status = DEFINITION.statuses
    number, kept = [*status.names][:2]
    changed = {key: {**getattr(status, key), number: value} for key, value in changes.items()}
    own = replace(status, **changed, provenance={**status.provenance, number: stated})
    after = settle_enumerations({"status": own, "mine": own}, DEFINITION.enumerations)
    assert after["status"].provenance[number] == limited(stated)
    assert after["status"].provenance[kept] == status.provenance[kept]
    assert after["mine"].provenance == {at: limited(word) for at, word in own.provenance.items()}
