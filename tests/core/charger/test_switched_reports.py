"""Boards whose frames tell the state in one case of a switch, and a fault or a value in another one."""

from sniffer.core.charger.events import FaultRaised
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.measurements.measurement import measures
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk

BOARD = """\
[[link]]
name = "oven"
heads = { "oven>host" = "5A" }
length = { at = 1, adds = 4 }
command = { at = 2 }
payload = 3
check = { name = "sum" }

[enumeration.oven]
label = "state"
values = [{ number = 0, name = "off" }, { number = 1, name = "on" }]

[[error]]
vendor = 2
meaning = "Door open"
"""
COMMAND = """
[[command]]
direction = "oven>host"
code = CODE
name = "report CODE"
summary = ""
fields = [FIELDS]
"""
STATE = '{ name = "state", size = 1, enumeration = "oven", tells = "status" }'
FAULT = '{ name = "fault", size = 1, tells = "vendor_error" }'
HEAT = '{ name = "heat", size = 1, unit = "°C", tells = "temperature" }'
GROUPS = f"""{{ name = "group", size = 1 }}, {{ switch = "group", cases = [
    {{ values = 1, fields = [{STATE}] }},
    {{ values = 2, fields = [{FAULT}, {HEAT}] }},
    {{ values = 3, fields = [{{ name = "ocpp", size = 1, tells = "ocpp_error" }}] }},
] }}"""


def run(commands: tuple[str, ...], *frames: str) -> tuple[list[str], Snapshot]:
    """Return the names of the events of these frames, each a code and a payload, and what holds after them.

    Those of the health of the link are left out.
    """
    texts = [COMMAND.replace("CODE", str(code)).replace("FIELDS", fields) for code, fields in enumerate(commands, 1)]
    pipeline = Pipeline(load(packaged_files(), [("oven.toml", BOARD + "".join(texts))]))
    names = []
    for second, text in enumerate(frames):
        code, *payload = bytes.fromhex(text)
        raw = bytes([0x5A, len(payload), code, *payload])
        for record in pipeline.feed(Chunk(raw + bytes([sum(raw) % 256]), second * 1_000_000_000)):
            names += [type(event).__name__ for event in record.events if not isinstance(event, LinkHealthChanged)]
    return names, pipeline.snapshot()


def test_a_fault_in_another_case_than_the_state_is_raised_and_cleared() -> None:
    names, snapshot = run((GROUPS,), "01 01 00", "01 02 00 20", "01 02 02 21", "01 01 00", "01 02 00 20")
    assert names == ["StatusChanged", "FaultRaised", "FaultCleared"]
    assert [(one.number, one.status) for one in snapshot.connectors] == [(1, "off")]
    assert snapshot.says_faults


def test_a_case_with_a_fault_is_not_cleared_by_another_code_that_only_other_cases_have() -> None:
    _, snapshot = run((GROUPS,), "01 02 02 20", "01 01 01")
    assert [fault.diagnosis.meanings for fault in snapshot.faults] == [("Door open",)]


def test_a_state_that_comes_again_without_a_code_is_no_report_of_the_fault() -> None:
    for frames in (("01 01 00", "01 02 02 20", "01 01 00"), ("01 01 00", "01 02 02 20", "01 01 01")):
        _, snapshot = run((GROUPS,), *frames)
        assert [(fault.reports, fault.last) for fault in snapshot.faults] == [(1, 1_000_000_000)]


def test_a_state_that_may_be_missing_leaves_the_fault_before_it() -> None:
    names, snapshot = run((f"{FAULT}, {STATE[:-2]}, optional = true }}",), "01 00 01", "01 02")
    assert names == ["StatusChanged", "FaultRaised"]
    assert [one.status for one in snapshot.connectors] == ["on"]


def test_values_beside_a_fault_without_a_state_are_measured() -> None:
    for commands, frame in (((f"{FAULT}, {HEAT}",), "01 02 21"), ((GROUPS,), "01 02 02 21")):
        _, snapshot = run(commands, frame)
        assert [(one.name, one.value) for one in snapshot.measurements.values] == [("temperature", 0x21)]
        assert [[one.value for one in fault.measured] for fault in snapshot.faults] == [[0x21]]


def test_power_and_pilot_voltage_of_another_board_are_measured_and_kept_with_a_fault() -> None:
    power = '{ name = "load", size = 1, unit = "W", tells = "power" }'
    pilot = '{ name = "pilot", size = 1, unit = "V", tells = "cp_voltage" }'
    _, snapshot = run((f"{power}, {pilot}", FAULT), "01 10 0C", "01 11 09", "02 02")
    values = [("power", 0x11, "W"), ("cp_voltage", 9, "V")]
    assert [(one.name, one.value, one.unit) for one in snapshot.measurements.values] == values
    assert [(one.name, one.value, one.unit) for one in snapshot.faults[0].measured] == values
    assert [(one.name, one.before.value, one.at_fault.value) for one in snapshot.faults[0].courses] == [
        ("power", 0x10, 0x11),
        ("cp_voltage", 12, 9),
    ]


def test_a_report_of_a_fault_that_measures_nothing_has_no_measured_values() -> None:
    names, snapshot = run((FAULT,), "01 02")
    assert names == [FaultRaised.__name__]
    assert snapshot.measurements.values == ()


def test_only_a_report_of_a_fault_with_a_value_counts_among_those_that_measure() -> None:
    fields = f"{{ name = 'group', size = 1 }}, {HEAT}", FAULT, f"{FAULT}, {HEAT}"
    texts = [COMMAND.replace("CODE", str(code)).replace("FIELDS", one) for code, one in enumerate(fields, 1)]
    commands = load(packaged_files(), [("oven.toml", BOARD + "".join(texts))]).commands
    assert [measures(one) for one in commands if one.route.link.name == "oven"] == [True, False, True]
