"""The packaged definition says what protocol.md says: each table is written out here by hand, row by row."""

import re

import pytest

from sniffer.core.protocol.conversions import Number
from sniffer.core.protocol.definition import Field, PilotState
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.link import Route
from tests.core.protocol.helpers import DEFINITION

COMMANDS = """
com>pwr 00 34 inferred   unknown_0 2, acceptance 1 assumed, unknown_3 6, charge_point_id 25 inferred
pwr>com 00 230 documented charge_box_serial_number 25 inferred, charge_point_model 20 inferred,
                         charge_point_serial_number 25 inferred, charge_point_vendor 20 inferred,
                         firmware_version 50 inferred, iccid 20 inferred, imsi 20 inferred,
                         meter_serial_number 25 inferred, meter_type 25 inferred
pwr>com 01 11 documented connector 1 documented, status 1 documented, ocpp_error 1 documented, unknown_3 3,
                         m4_error 1 documented, cp_voltage 2 signed V assumed,
                         board_temperature 1 signed °C documented, connector_temperature 1 signed °C documented
com>pwr 01 4 inferred    connector 1 inferred, unknown_1 2, acceptance 1 assumed
com>pwr 04 1 documented  connector 1 documented
pwr>com 04 30 documented connector 1 documented, energy 4 little x10 Wh documented, voltage 2 little /10 V documented,
                         current 2 little /100 A documented, unknown_9 4, temperature 1 signed °C documented,
                         unknown_14 2, l1_voltage 2 little /10 V assumed, l1_current 2 little /100 A assumed,
                         l2_voltage 2 little /10 V assumed, l2_current 2 little /100 A assumed,
                         l3_voltage 2 little /10 V assumed, l3_current 2 little /100 A assumed, unknown_28 2
pwr>com 0B 2 unknown     unknown_0 2
com>pwr 0F 2 documented  connector 1 inferred, availability 1 inferred
pwr>com 0F 3 inferred    connector 1 inferred, availability 1 inferred, result 1 inferred
com>pwr 2C 4 inferred    unknown_0 2, acceptance 1 assumed, unknown_3 1
pwr>com 2D 1 inferred    unknown_0 1
pwr>com 32 6 inferred    l1_voltage 2 /100 V inferred, l2_voltage 2 /100 V inferred, l3_voltage 2 /100 V inferred
com>pwr FF 2 inferred    unknown_0 2
com>ocpp 0000 0 inferred
ocpp>com 0000 6 inferred unknown_0 6
com>ocpp 0001 11 documented connector 2 inferred, connector_type 1 inferred, status 1 documented,
                         ocpp_error 1 documented, vendor_error 3 documented, unknown_8 3
ocpp>com 0001 0 inferred
ocpp>com 0004 3 documented connector 2 inferred, connector_type 1 inferred
com>ocpp 0004 32 documented connector 2 inferred, connector_type 1 inferred, energy 4 x10 Wh documented,
                         voltage 2 /10 V documented, current 2 /100 A documented, unknown_11 9,
                         l1_voltage 2 /10 V assumed, l1_current 2 /100 A assumed, unknown_24 4,
                         temperature 1 signed °C documented, unknown_29 3
ocpp>com 000B 9 unknown  unknown_0 9
com>ocpp 000B 1 unknown  unknown_0 1
ocpp>com 000F 4 inferred connector 2 inferred, connector_type 1 inferred, availability 1 inferred
com>ocpp 000F 5 inferred connector 2 inferred, connector_type 1 inferred, availability 1 inferred, result 1 inferred
ocpp>com 0021 1 inferred unknown_0 1
com>ocpp 0021 47 inferred charge_point_id 43 inferred, unknown_43 4
com>ocpp 002D 1 inferred unknown_0 1
ocpp>com 002D 2 inferred acceptance 1 assumed, unknown_1 1
com>ocpp 5009 0 unknown
"""
"""One command in a row: direction, code, size of the payload, how well it is known; then its fields in order, each with
size, conversion (sign, byte order, divisor or multiplier, unit) and how well it is known, if it has a meaning.
"""

SEQUENCES = {
    # direction, code: the sequences with which it was seen
    "com>pwr 00": "same",
    "pwr>com 00": "random",
    "pwr>com 01": "random",
    "com>pwr 01": "same",
    "com>pwr 04": "EEEE",
    "pwr>com 04": "EEEE",
    "pwr>com 0B": "same",
    "com>pwr 0F": "counter",
    "pwr>com 0F": "same",
    "com>pwr 2C": "counter",
    "pwr>com 2D": "EEEE DDDD",
    "pwr>com 32": "DDDD 0000",
    "com>pwr FF": "FFFF",
    "com>ocpp 0000": "same",
    "ocpp>com 0000": "same",
    "com>ocpp 0001": "same",
    "ocpp>com 0001": "same",
    "ocpp>com 0004": "EEEE",
    "com>ocpp 0004": "EEEE",
    "ocpp>com 000B": "counter",
    "com>ocpp 000B": "same",
    "ocpp>com 000F": "counter",
    "com>ocpp 000F": "same",
    "ocpp>com 0021": "FFFF",
    "com>ocpp 0021": "FFFF",
    "com>ocpp 002D": "EEEE DDDD",
    "ocpp>com 002D": "counter",
    "com>ocpp 5009": "random",
}

EXCHANGES = {
    "announcement": "pwr>com 00, com>ocpp 0000, ocpp>com 0000, com>pwr 00",
    "status": "pwr>com 01, com>ocpp 0001, ocpp>com 0001, com>pwr 01",
    "meter": "ocpp>com 0004, com>pwr 04, pwr>com 04, com>ocpp 0004",
    "start-up": "ocpp>com 000B, pwr>com 0B, com>ocpp 000B",
    "availability": "ocpp>com 000F, com>pwr 0F, pwr>com 0F, com>ocpp 000F",
    "acceptance request": "pwr>com 2D, com>ocpp 002D",
    "acceptance": "ocpp>com 002D, com>pwr 2C",
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
    (0x100206, "SR_PE", "Grounding", 2, "assumed", None),
    (0x200206, "SR_OVERVOL", "Over voltage", 9, "inferred", None),
    (0x200208, "SR_UNDERVOL", "Under voltage", 14, "documented", 4),
    (0x100213, "SR_OVERCUR", "Over current", 8, "inferred", None),
    (0x100223, "SR_OVERTEMP", "Over temperature", 3, "inferred", None),
    (0x10020F, "SR_METERDATA", "Meter data fault", 10, "documented", None),
    (0x10020F, "SR_METERCOM", "Meter comm fault", 10, "documented", None),
    (0x100202, "SR_ESBUTTON", "Emergency button", None, None, None),
    (0x100005, "SR_CARDCOM", "Card reader fault", 12, "inferred", None),
    (0x100008, "SR_UNKNOW", "LTE comm fault", None, None, None),
    (0x100215, "SR_LEAK", "Leakage fault", 2, "inferred", None),
    (0x100208, "SR_RELAY", "Relay fault", 11, "inferred", None),
    (0x100205, "SR_ELECLOCK", "Elec lock fault", 0, "inferred", None),
    (0x100227, "SR_UNKNOW", "CP fault", 1, "assumed", None),
    (0x10022F, "SR_METERDATA", "Power sequence fault", 10, "documented", None),
    (0x100228, "SR_UNKNOW", "Connector fault", None, None, None),
    (0x100233, "SR_UNKNOW", "CP-12V fault", None, None, None),
    (0x10020C, "SR_METERCOM", "Door opened", None, None, None),
    (0x100230, "SR_CARDCOM", "LN reverse fault", None, None, None),
    (0x100231, "SR_UNKNOW", "Output short circuit", None, None, None),
    (0x100232, "SR_UNKNOW", "3rd party device offline", None, None, None),
]


def code_text(route: Route, code: int) -> str:
    return f"{route.direction} {route.link.code_text(code)}"


def field_text(field: Field) -> str:
    """Return a field as `COMMANDS` writes it."""
    number = field.conversion if isinstance(field.conversion, Number) else Number()
    words = [
        *("signed" for _ in range(field.is_signed)),
        *("little" for _ in range(field.order == "little")),
        *(f"/{number.divisor}" for _ in range(number.divisor > 1)),
        *(f"x{number.multiplier}" for _ in range(number.multiplier > 1)),
        *(number.unit for _ in range(number.unit != "")),
        *(word for word in [field.provenance] if word),
    ]
    return " ".join([field.name, str(field.size), *words])


def test_these_commands_have_these_fields_and_there_are_no_others() -> None:
    rows = [row.split() for row in re.sub(r",\s+", ", ", COMMANDS).strip().splitlines()]
    written = {" ".join(row[:4]): " ".join(row[4:]) for row in rows}
    assert {
        f"{code_text(command.route, command.code)} {command.size} {command.provenance or 'unknown'}": ", ".join(
            map(field_text, command.fields)
        )
        for command in DEFINITION.commands
    } == written
    assert len(DEFINITION.commands) == len(rows)


def test_each_command_has_the_sequences_with_which_it_was_seen() -> None:
    found = {code_text(command.route, command.code): " ".join(command.sequences) for command in DEFINITION.commands}
    assert found == SEQUENCES


def test_an_answer_has_the_sequence_of_its_request() -> None:
    sequences = {(command.route, command.code): command.sequences for command in DEFINITION.commands}
    for command in DEFINITION.commands:
        if command.answers and command.sequences != ("same",):
            (request,) = (
                route
                for route, code in sequences
                if code == command.code and route.link is command.route.link and route != command.route
            )
            assert sequences[request, command.code] == command.sequences


def test_the_exchanges_have_these_hops() -> None:
    found = {one.name: ", ".join(code_text(*hop) for hop in one.hops) for one in DEFINITION.exchanges}
    assert found == EXCHANGES
    assert {one.provenance for one in DEFINITION.exchanges} == {Provenance.INFERRED}


def test_every_hop_of_an_exchange_is_a_defined_command() -> None:
    defined = {(command.route, command.code) for command in DEFINITION.commands}
    assert {hop for one in DEFINITION.exchanges for hop in one.hops} <= defined


def test_only_fields_of_known_meaning_have_names_of_their_own():
    for command in DEFINITION.commands:
        for field in command.fields:
            assert (field.provenance is None) == field.name.startswith("unknown_")


def test_a_field_of_unknown_meaning_is_named_by_its_place():
    for command in DEFINITION.commands:
        place = 0
        for field in command.fields:
            assert field.name in (f"unknown_{place}", field.name.removeprefix("unknown_"))
            assert isinstance(field.size, int)
            place += field.size


@pytest.mark.parametrize(
    ("name", "values", "assumed"),
    [
        ("acceptance", {0: "accepted", 2: "not accepted"}, {0, 2}),
        ("online", {0: "pending", 1: "accepted"}, {0, 1}),
        ("availability", {0: "Inoperative", 1: "Operative"}, {0}),
    ],
)
def test_the_answers_have_names(name, values, assumed):
    enumeration = DEFINITION.enumerations[name]
    assert enumeration.names == values
    assert {number for number, word in enumeration.provenance.items() if word == "assumed"} == assumed


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


def test_the_pilot_states_are_those_of_the_standard_with_windows_of_detection():
    assert DEFINITION.pilot == (
        PilotState("A", 12, (10.75, 13), "no vehicle", Provenance.ASSUMED),
        PilotState("B", 9, (7.75, 10.25), "vehicle connected", Provenance.ASSUMED),
        PilotState("C", 6, (4.75, 7.25), "vehicle asks for energy", Provenance.ASSUMED),
        PilotState("D", 3, (1.75, 4.25), "vehicle asks for energy, ventilation", Provenance.ASSUMED),
        PilotState("E", 0, (-1.25, 1.25), "no power or short", Provenance.ASSUMED),
        PilotState("F", -12, (-13, -10.75), "fault", Provenance.ASSUMED),
    )
    assert not any("charging" in state.meaning for state in DEFINITION.pilot)


@pytest.mark.parametrize(
    ("voltage", "state"),
    [
        *[(12, "A"), (10.75, "A"), (13, "A"), (10.74, None), (13.01, None)],
        *[(9, "B"), (7.75, "B"), (10.25, "B"), (7.74, None), (10.26, None)],
        *[(6, "C"), (4.75, "C"), (7.25, "C"), (4.74, None), (7.26, None)],
        *[(3, "D"), (1.75, "D"), (4.25, "D"), (1.74, None), (4.26, None)],
        *[(0, "E"), (1, "E"), (-1, "E"), (1.26, None), (-1.26, None)],
        *[(-12, "F"), (-11, "F"), (-13, "F"), (-10.74, None), (-13.01, None), (65535, None)],
    ],
)
def test_a_voltage_names_the_state_whose_window_holds_it(voltage, state):
    found = DEFINITION.pilot_state(voltage)
    assert (found and found.state) == state


OCPP_STATUS_NAMES = [name for _, name, _ in STATUSES]
