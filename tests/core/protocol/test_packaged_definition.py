"""The packaged definition says what protocol.md says: each table is written out here by hand, row by row."""

import pytest

from sniffer.core.protocol.definition import PilotState
from sniffer.core.protocol.enumeration import Provenance
from tests.core.protocol.helpers import DEFINITION

COMMANDS = {
    # direction, code: size (None: it varies), field and provenance of each, in order
    ("com>pwr", 0x00): (34, {"unknown_0": None, "charge_point_id": "inferred"}),
    ("pwr>com", 0x01): (
        11,
        {
            "connector": "inferred",
            "status": "inferred",
            "ocpp_error": "inferred",
            "unknown_3": None,
            "m4_error": "assumed",
            "cp_voltage": "assumed",
            "unknown_9": None,
        },
    ),
    ("com>pwr", 0x01): (4, {"connector": "inferred", "unknown_1": None, "unknown_3": None}),
    ("com>pwr", 0x2C): (4, {"unknown_0": None}),
    ("pwr>com", 0x32): (6, {"l1_voltage": "inferred", "l2_voltage": "inferred", "l3_voltage": "inferred"}),
    ("com>ocpp", 0x0000): (0, {}),
    ("ocpp>com", 0x0000): (6, {"unknown_0": None}),
    ("com>ocpp", 0x0001): (
        11,
        {
            "unknown_0": None,
            "connector": "inferred",
            "status": "inferred",
            "ocpp_error": "inferred",
            "vendor_error": "inferred",
            "unknown_8": None,
        },
    ),
    ("ocpp>com", 0x0001): (0, {}),
    ("ocpp>com", 0x0021): (1, {"unknown_0": None}),
    ("com>ocpp", 0x0021): (None, {"charge_point_id": "documented", "unknown_rest": None}),
    ("com>ocpp", 0x002D): (1, {"unknown_0": None}),
    ("ocpp>com", 0x002D): (2, {"unknown_0": None}),
}

COMMAND_PROVENANCE = {
    ("com>pwr", 0x00): "inferred",
    ("pwr>com", 0x01): "inferred",
    ("com>pwr", 0x01): "inferred",
    ("com>pwr", 0x2C): None,
    ("pwr>com", 0x32): "inferred",
    ("com>ocpp", 0x0000): "inferred",
    ("ocpp>com", 0x0000): "inferred",
    ("com>ocpp", 0x0001): "inferred",
    ("ocpp>com", 0x0001): "inferred",
    ("ocpp>com", 0x0021): "documented",
    ("com>ocpp", 0x0021): "documented",
    ("com>ocpp", 0x002D): None,
    ("ocpp>com", 0x002D): None,
}

STATUSES = [
    (0, "Available", "Ready"),
    (1, "Preparing", "Connector plugged"),
    (2, "Charging", "In charging"),
    (3, "SuspendedEVSE", "Smart power distribution"),
    (4, "SuspendedEV", "EV is not ready"),
    (5, "Finishing", "Charging stopped, but connector is still plugged"),
    (6, "Reserved", "Reserved"),
    (7, "Unavailable", "Unavailable"),
    (8, "Faulted", "Fault"),
]

OCPP_ERRORS = [
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "WeakSignal",
]

# Rows: from; columns: to, in the order of the numbers. y: allowed, .: not, -: the same status, no move.
TRANSITIONS = {
    "Available": "- y y y y . y y y",
    "Preparing": "y - y y y y . . y",
    "Charging": "y . - y y y . y y",
    "SuspendedEVSE": "y . y - y y . y y",
    "SuspendedEV": "y . y y - y . y y",
    "Finishing": "y y . . . - . y y",
    "Reserved": "y y . . . . - y y",
    "Unavailable": "y y y y y . . - y",
    "Faulted": "y y y y y y y y -",
}

ERROR_ROWS = [
    # vendor, stop reason, meaning, OCPP code and how well it is known, M4 code
    (0x100206, "SR_PE", "Grounding", 2, "inferred", None),
    (0x200206, "SR_OVERVOL", "Over voltage", 9, "inferred", None),
    (0x200208, "SR_UNDERVOL", "Under voltage", 14, "documented", 4),
    (0x100213, "SR_OVERCUR", "Over current", 8, "inferred", None),
    (0x100223, "SR_OVERTEMP", "Over temperature", 3, "inferred", None),
    (0x10020F, "SR_METERDATA", "Meter data fault", 10, "documented", None),
    (0x10020F, "SR_METERCOM", "Meter comm fault", 10, "documented", None),
    (0x100202, "SR_ESBUTTON", "Emergency button", None, None, None),
    (0x100005, "SR_CARDCOM", "Card reader fault", 12, "inferred", None),
    (0x100008, "SR_UNKNOW", "LTE comm fault", None, None, None),
    (0x100215, "SR_LEAK", "Leakage fault", None, None, None),
    (0x100208, "SR_RELAY", "Relay fault", 11, "inferred", None),
    (0x100205, "SR_ELECLOCK", "Elec lock fault", 0, "inferred", None),
    (0x100227, "SR_UNKNOW", "CP fault", 1, "inferred", None),
    (0x10022F, "SR_METERDATA", "Power sequence fault", 10, "documented", None),
    (0x100228, "SR_UNKNOW", "Connector fault", None, None, None),
    (0x100233, "SR_UNKNOW", "CP-12V fault", None, None, None),
    (0x10020C, "SR_METERCOM", "Door opened", None, None, None),
    (0x100230, "SR_CARDCOM", "LN reverse fault", None, None, None),
    (0x100231, "SR_UNKNOW", "Output short circuit", None, None, None),
    (0x100232, "SR_UNKNOW", "3rd party device offline", None, None, None),
]


def commands_by_route():
    return {(command.route.direction, command.code): command for command in DEFINITION.commands}


def test_these_commands_and_no_others_are_defined():
    assert len(DEFINITION.commands) == len(COMMANDS)
    assert commands_by_route().keys() == COMMANDS.keys()


@pytest.mark.parametrize(("direction", "code"), COMMANDS)
def test_a_command_has_the_fields_of_the_document(direction, code):
    command = commands_by_route()[direction, code]
    size, fields = COMMANDS[direction, code]
    assert command.size == size
    assert {field.name: field.provenance for field in command.fields} == fields
    assert [field.name for field in command.fields] == list(fields)
    assert command.provenance == COMMAND_PROVENANCE[direction, code]
    assert command.route.link.name == ("pwrboard" if "pwr" in direction else "dbus")


def test_only_fields_of_known_meaning_have_names_of_their_own():
    for command in DEFINITION.commands:
        for field in command.fields:
            assert (field.provenance is None) == field.name.startswith("unknown_")


def test_a_command_is_found_by_its_name():
    assert DEFINITION.command("phase voltages").code == 0x32
    with pytest.raises(KeyError):
        DEFINITION.command("phase voltage")


def test_the_statuses_are_documented():
    statuses = DEFINITION.statuses
    assert [(number, name, statuses.meanings[number]) for number, name in statuses.names.items()] == STATUSES
    assert set(statuses.provenance.values()) == {Provenance.DOCUMENTED}


def test_the_ocpp_errors_are_the_alphabetical_list():
    errors = DEFINITION.ocpp_errors
    assert sorted(OCPP_ERRORS, key=str.casefold) == OCPP_ERRORS
    assert dict(errors.names) == dict(enumerate(OCPP_ERRORS))


def test_two_ocpp_errors_are_documented_and_the_rest_inferred():
    known = DEFINITION.ocpp_errors.provenance
    assert {number for number, word in known.items() if word == "documented"} == {0x0A, 0x0E}
    assert {word for number, word in known.items() if number not in (0x0A, 0x0E)} == {"inferred"}


@pytest.mark.parametrize("before", TRANSITIONS)
def test_the_moves_from_a_status_are_those_of_ocpp(before):
    marks = dict(zip(OCPP_STATUS_NAMES, TRANSITIONS[before].split(), strict=True))
    assert marks[before] == "-"
    assert sorted(DEFINITION.transitions[before]) == sorted(name for name, mark in marks.items() if mark == "y")


def test_there_are_moves_from_every_status_and_from_nothing_else():
    assert DEFINITION.transitions.keys() == set(OCPP_STATUS_NAMES)


def test_the_error_table_has_the_rows_of_the_document_in_order():
    rows = DEFINITION.errors
    assert [
        (row.vendor, row.stop_reason, row.meaning, row.ocpp, row.ocpp_provenance, next(iter(row.m4), None))
        for row in rows
    ] == ERROR_ROWS
    assert [row.m4 for row in rows if row.m4] == [{4: Provenance.DOCUMENTED}]
    assert len(rows) == 21
    assert {row.provenance for row in rows} == {Provenance.DOCUMENTED}


def test_the_pilot_states_are_those_of_the_standard():
    assert DEFINITION.pilot == (
        PilotState("A", 12, (11.40, 12.60), "no vehicle", Provenance.INFERRED),
        PilotState("B", 9, (8.36, 9.56), "vehicle connected", Provenance.INFERRED),
        PilotState("C", 6, (5.48, 6.49), "charging", Provenance.INFERRED),
        PilotState("D", 3, (2.62, 3.25), "charging, ventilation", Provenance.INFERRED),
        PilotState("E", 0, None, "no power or short", Provenance.INFERRED),
        PilotState("F", -12, None, "fault", Provenance.INFERRED),
    )


@pytest.mark.parametrize(
    ("voltage", "state"),
    [
        *[(12, "A"), (11.40, "A"), (12.60, "A"), (11.39, None), (12.61, None)],
        *[(9, "B"), (8.36, "B"), (9.56, "B"), (8.35, None), (9.57, None)],
        *[(6, "C"), (5.48, "C"), (6.49, "C"), (5.47, None), (6.50, None)],
        *[(3, "D"), (2.62, "D"), (3.25, "D"), (2.61, None), (3.26, None)],
        *[(0, "E"), (1, None), (-12, "F"), (-1, None), (65535, None)],
    ],
)
def test_a_voltage_names_the_state_whose_window_holds_it(voltage, state):
    found = DEFINITION.pilot_state(voltage)
    assert (found and found.state) == state


OCPP_STATUS_NAMES = [name for _, name, _ in STATUSES]
