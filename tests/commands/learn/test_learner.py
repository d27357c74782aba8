"""Proposals loaded again with `--definition`: they always load, and change no provenance of a packaged fact."""

from typing import Any

import pytest
from hypothesis import given, settings

from sniffer.commands.learn import learner
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import PWR_TO_COM
from tests.cli.helpers import objects, run
from tests.commands.learn.helpers import Log, learner_of, propose
from tests.commands.learn.test_proposal_file import SESSIONS, log_of
from tests.core.protocol.helpers import DEFINITION
from tests.thoroughness import repetitions

RELAY = 0x100208
RELAY_FAULT = (7, 11, RELAY)


def loaded(*logs):
    text, _ = propose(*logs)
    return load(packaged_files(), [("proposals.toml", text)])


def claims(definition):
    """Return each fact of a command or of the error table that has a provenance, with its provenance."""
    found: dict[Any, Any] = {}
    for command in definition.commands:
        key = command.route, command.code
        found[*key, command.name] = command.provenance
        place: tuple[Any, ...] = ()
        for field in command.fields:
            found[*key, sum(place) if all(isinstance(size, int) for size in place) else place, field.name] = (
                field.provenance
            )
            place += (field.size,)
    for row in definition.errors:
        row_key = row.vendor, row.stop_reason, row.meaning
        found[row_key] = row.provenance
        found[*row_key, "ocpp", row.ocpp] = row.ocpp_provenance
        found |= {(*row_key, "m4", m4): word for m4, word in row.m4.items()}
    return {fact: word for fact, word in found.items() if word is not None}


def replaced(fact):
    """Return True for an inferred OCPP code of the table, the only claim that a proposal may replace."""
    return "ocpp" in fact


def relay_faults():
    log = Log()
    for _ in range(5):
        log.fault(*RELAY_FAULT)
    return log


def test_a_lost_m4_code_is_back_and_assumed():
    row = next(row for row in loaded(relay_faults()).errors if row.vendor == RELAY)
    assert (row.m4, row.provenance, row.ocpp_provenance) == ({7: "assumed"}, "documented", "inferred")


def test_a_split_command_keeps_what_the_package_says_of_it():
    log = Log()
    for index in range(20):
        cp = (12, 9, 6, 3)[index // 5]
        log.report("Charging", cp=cp, unknown=f"1c00{cp:02x}")
    before, after = DEFINITION.command("status report"), loaded(log).command("status report")
    assert after.fields[:3] == before.fields[:3]
    assert [(field.name, field.provenance) for field in after.fields[3:5]] == [
        ("unknown_3", None),
        ("same_as_cp_voltage_5", "assumed"),
    ]
    assert after.fields[5:] == before.fields[4:]
    assert after.provenance == "documented"


def test_fields_after_split_bytes_stand_where_they_stood():
    log = Log()
    for index in range(20):
        current = (index % 3).to_bytes(2, "little")
        log.frame(PWR_TO_COM, 4, [1, *bytes(6), *current, *bytes(3), index % 3, 45, *bytes(16)])
    before, after = DEFINITION.command("meter values"), loaded(log).command("meter values")
    words = {field.name: field.provenance for field in after.fields}
    assert words["same_as_current_12"] == "assumed"
    assert after.fields[-9:] == before.fields[-9:]
    assert words["l3_current"] == "assumed"
    assert words["energy"] == words["temperature"] == "documented"


@settings(max_examples=repetitions(30, 100), deadline=None)
@given(SESSIONS)
def test_any_session_gives_a_file_that_loads_and_changes_no_word(session):
    before, after = claims(DEFINITION), claims(loaded(log_of(session)))
    assert {fact: word for fact, word in before.items() if not replaced(fact)}.items() <= after.items()
    assert {word for fact, word in after.items() if fact not in before} <= {"assumed"}


class TestOnTheCommandLine:
    @pytest.fixture
    def session(self, tmp_path):
        path = tmp_path / "session.log"
        path.write_text("\n".join(relay_faults().lines) + "\n")
        return path

    @pytest.fixture
    def learnt(self, session, tmp_path):
        path = tmp_path / "proposals.toml"
        path.write_bytes(run("learn", session).stdout)
        return path

    def test_the_dump_names_the_code(self, session, learnt):
        output = objects(run("dump", "--json", "--definition", learnt, session))
        fault = next(found for found in output if found.get("event") == "fault_raised")
        assert (fault["m4_error"], fault["meaning"], fault["agree"]) == (7, ["Relay fault"], True)
        without = objects(run("dump", "--json", session))
        fault = next(found for found in without if found.get("event") == "fault_raised")
        assert fault["says"]["m4_error"] == []

    def test_explain_shows_it_on_the_card_as_assumed(self, learnt):
        output = [
            " ".join(line.split()) for line in run("explain", "7", "--definition", learnt).stdout.decode().splitlines()
        ]
        assert output[output.index("as M4 error code (assumed)") + 1] == "error table: Relay fault"
        assert "M4 error code 7 assumed" in output

    def test_a_proposal_given_back_does_not_confirm_itself(self, session, learnt):
        output = run("learn", "--definition", learnt, session).stdout.decode()
        (line,) = (line for line in output.splitlines() if "M4 7:" in line)
        assert line.endswith("as the definition assumes, which may rest on the same sessions")
        assert "m4 = 7" not in output


def test_numbers_without_a_name_are_counted_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(learner, "MOST_UNNAMED", 2)
    log = Log()
    for status in (20, 21, 22, 20, 22):
        log.frame(PWR_TO_COM, 0x01, [1, status, 14, 0, 0, 0, 0, 0, 9, 0x1C, 0x15])
    assert learner_of(log).result().unnamed == {("status", 20): 2, ("status", 21): 1}
