"""Helpers for the tests of the protocol: frames and messages by the packaged definition, and random definition files.

Helpers for definitions decode any bytes with a definition and show the result in every form.
"""

import datetime
import json
from typing import Any, get_args

from hypothesis import strategies as st

from sniffer.commands.explain.explain import explain
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Role
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from sniffer.formats.jsonl import writer
from sniffer.text.describe import format_row
from sniffer.tui.detail.record_view import build_record_view
from sniffer.tui.panels.connector import format_pilot
from sniffer.tui.panels.state_diagram import StateDiagram, draw_diagram
from tests.known_frames import KNOWN_FRAMES

DEFINITION = packaged_definition()
CODEC = Codec(DEFINITION)

ROUTE_OF_ARROW = {
    "=>pwrboard": COM_TO_PWR,
    "<=pwrboard": PWR_TO_COM,
    "=>Dbus": OCPP_TO_COM,
    "<=Dbus": COM_TO_OCPP,
}
KNOWN = {known.name: known for known in KNOWN_FRAMES}


def frame(route, command, payload=b"", *, sequence=0x0102, time=None):
    return Frame(route, time, route.link.build(route.head, sequence, command, payload))


def decoded(route, command, payload=b""):
    return CODEC.decode(frame(route, command, payload))


def known_message(name):
    known = KNOWN[name]
    return CODEC.decode(Frame(ROUTE_OF_ARROW[known.arrow], None, known.raw))


def values_of(message):
    """Return the values from which an encoder makes the same message again."""
    return {field.name: field.value for field in message.fields}


UNDERSTOOD: dict[str, tuple[str, dict[str, Value]]] = {
    "Com boot!": ("announcement of the power board", {}),
    "ocpp boot pending!": ("registration pending", {}),
    "CP_INFO": ("charge point information follows", {}),
    "cpid = 10427240,evseNum = 1": ("charge point information", {"charge_point_id": "10427240", "evse_count": 1}),
    "NumberOfConnectors = 1": ("number of connectors", {"connector_count": 1}),
    "availabilitySrc = 0x01,0x01": ("availability source", {"availability_0": 1, "availability_1": 1}),
    "icomCode = 4,index=3": ("M4 error code", {"m4_error": 4, "index": 3}),
    "pwrCom error Code vol:4,8,9": (
        "M4 error code, status and CP voltage",
        {"m4_error": 4, "status": "Faulted", "cp_voltage": 9},
    ),
    "ocpp error Code :14,2097672": (
        "OCPP and vendor error code",
        {"ocpp_error": "UnderVoltage", "vendor_error": "0x200208"},
    ),
    "boardtemp = 46, conntemp = 37 ;": ("temperatures", {"board_temperature": 46, "connector_temperature": 37}),
    "connId:1,connectorType:1,meterval:223710,AC_voltage_A:240.1,AC_current_A:0.01,MaxPowerOffered:0,temperature:46,"
    "soc:0,AC_Power:2": (
        "meter values",
        {
            "connector": 1,
            "connector_type": 1,
            "energy": 223710,
            "l1_voltage": 240.1,
            "l1_current": 0.01,
            "power_offered": 0,
            "temperature": 46,
            "soc": 0,
            "power": 2,
        },
    ),
    "##########_HJ CardReader_##########: CardReader ComErr!": ("card reader does not answer", {}),
    "Key:MeterValuesSampledData READonly:false": (
        "configuration key",
        {"key": "MeterValuesSampledData", "read_only": "false"},
    ),
    "MeterValuesSampledData -- Energy.Active.Import.Register: [1], voltage: [0], Current.Import: [1], "
    "Power.Active.Import: [0], Temperature: [0], SoC: [0], Power.Offered: [0], Current.Offered: [0]": (
        "sampled meter values",
        {
            "energy_sampled": 1,
            "voltage_sampled": 0,
            "current_sampled": 1,
            "power_sampled": 0,
            "temperature_sampled": 0,
            "soc_sampled": 0,
            "power_offered_sampled": 0,
            "current_offered_sampled": 0,
        },
    ),
    "[run]:    78 hours\t 5 minutes\t[mem_used]: 42.46": (
        "running time",
        {"hours": 78, "minutes": 5, "memory_used": 42.46},
    ),
    "CPU temperature: 64070": ("CPU temperature", {"cpu_temperature": 64.07}),
    "[2024-04-03T06:38:49.000Z]Network status is:[Connected]!": (
        "network status",
        {"utc_time": "2024-04-03T06:38:49.000Z", "network": "Connected"},
    ),
    "net_interface nums: 4": ("network interfaces", {"interface_count": 4}),
}
"""Texts of log lines that the definition understands: the name of their pattern, and the values."""

VENDORS = (0x100206, 0x200208, 0x100208, 0x10020F, 0x999, None)
STOP_REASONS = ("SR_METERDATA", "SR_METERCOM", "SR_RELAY", "SR_MINE", "", None)
WORDS = st.sampled_from(["verified", "documented", "inferred", "assumed", "user"])
TEXTS = st.sampled_from(["Grounding", "Relay fault", "mine", 'a "quoted" \\ one', "größer", "#="])
STATUSES = [*DEFINITION.statuses.names.values()]
CODES = ("connector", "status", "ocpp_error", "vendor_error", "m4_error")
QUANTITIES = ("cp_voltage", "l1_voltage", "l2_voltage", "l3_voltage")
TELLS = st.sampled_from(get_args(Role))
SEQUENCES = st.lists(st.sampled_from(["random", "counter", "same", "EEEE", "0000"]), min_size=1, unique=True)
HOPS = st.sampled_from(["pwr>com 01", "com>pwr 2C", "com>ocpp 0001", "ocpp>com 002D"])
PLAIN_NUMBERS: tuple[dict[str, Any], ...] = (
    *({}, {"divisor": 10, "unit": "V"}, {"divisor": 3}, {"unit": "kW"}, {"multiplier": 10, "unit": "Wh"}),
    *({"type": "int"}, {"type": "int", "divisor": 100}, {"type": "int", "multiplier": 1000, "unit": "V"}),
)
NUMBERS = (*PLAIN_NUMBERS, {"show": "hex"}, {"enumeration": "status"}, {"enumeration": "ocpp_error"})
BYTES = ({"type": "ascii"}, {"type": "unknown"})
PACKAGED_COMMANDS = [
    {"link": command.route.link.name, "direction": command.route.direction, "code": command.code}
    for command in DEFINITION.commands
]
NEW_COMMANDS = [{"link": "dbus", "direction": "com>ocpp", "code": 0x77}, PACKAGED_COMMANDS[0] | {"code": 0x77}]


def toml(value):
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else repr(value)


def as_file(table):
    """Return a table as the text of a file."""
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in table.items())


def entries(key, values, more):
    """Return a strategy for up to three tables, each with another value for this key."""
    tables = st.lists(st.fixed_dictionaries({key: values} | more, optional={"provenance": WORDS}), max_size=3)
    return tables.map(lambda found: [*{table[key]: table for table in found}.values()])


@st.composite
def errors(draw):
    """Draw entries of the error table, each with another vendor code or stop reason."""
    keys = st.tuples(st.sampled_from(VENDORS), st.sampled_from(STOP_REASONS))
    found = {}
    for vendor, stop_reason in draw(st.lists(keys, max_size=4)):
        meaning = draw(TEXTS | st.none()) if vendor in VENDORS[:4] and stop_reason is None else draw(TEXTS)
        codes = st.integers(1, 6)
        m4 = draw(codes | st.lists(codes, min_size=1, max_size=3, unique=True) | (st.none() if vendor else codes))
        ocpp = draw(st.integers(0, 16) | st.none())
        entry = {"vendor": vendor, "stop_reason": stop_reason, "meaning": meaning, "ocpp": ocpp, "m4": m4}
        for fact, word in (("meaning", "provenance"), ("ocpp", "ocpp_provenance"), ("m4", "m4_provenance")):
            entry[word] = None if entry[fact] is None else draw(WORDS | st.none())
        stated = {key: value for key, value in entry.items() if value is not None}
        found[vendor, stop_reason or "", None if vendor else meaning] = stated
    return [*found.values()]


@st.composite
def enumerations(draw):
    """Draw values of the packaged enumerations, and of one that is new."""
    found = {}
    for name in draw(st.sets(st.sampled_from(["status", "ocpp_error", "mine"]))):
        numbers = st.integers(0, 18) if name == "mine" else st.integers(9, 18)
        named = {"name": TEXTS | st.sampled_from(STATUSES if name == "mine" else ["Parked", "Broken"])}
        values = draw(entries("number", numbers, named | {"meaning": TEXTS}))
        values = [*{value["name"].casefold(): value for value in values}.values()]
        common = draw(st.sampled_from([{}, {"provenance": "documented"}]))
        found[name] = {"values": values} | ({"label": "mine"} if name == "mine" else {}) | common
    return found


@st.composite
def fields(draw):
    """Draw the fields of a command or of a line."""
    found = []
    for name in draw(st.lists(st.sampled_from([*CODES, *QUANTITIES, "unknown_1", "mine", "größe"]), unique=True)):
        kinds = PLAIN_NUMBERS if name in QUANTITIES else NUMBERS if name in CODES else NUMBERS + BYTES
        kind = draw(st.sampled_from(kinds))
        size = draw(
            st.integers(1, 6 if "divisor" in kind or "multiplier" in kind else 8)
            if kind not in BYTES
            else st.sampled_from([1, 9, "rest", "to zero"])
        )
        order = {} if kind in BYTES else {"order": st.sampled_from(["big", "little"])}
        more = draw(st.fixed_dictionaries({}, optional={"provenance": WORDS, "about": TEXTS} | order))
        found.append({"name": name, "size": size} | kind | more)
    return found


ANSWERS = st.booleans() | st.integers(0, 255) | st.lists(st.integers(0, 255), min_size=1, max_size=3, unique=True)


@st.composite
def commands(draw):
    """Draw commands whose summaries name all of their fields; packaged ones among them, changed or not."""
    found = {}
    for key in draw(st.lists(st.sampled_from(PACKAGED_COMMANDS + NEW_COMMANDS), max_size=3)):
        its = draw(fields())
        optional = {"provenance": WORDS, "about": TEXTS, "tells": TELLS, "answers": ANSWERS}
        optional["sequence"] = SEQUENCES
        more = draw(st.fixed_dictionaries({"name": TEXTS}, optional=optional))
        summary = " ".join(f"{{{field['name']}}}" for field in its)
        found[tuple(key.values())] = key | more | {"summary": summary, "fields": its}
    return [*found.values()]


@st.composite
def lines(draw):
    """Draw lines with something between their fields."""
    found = {}
    for begin in draw(st.lists(TEXTS, max_size=3)):
        its = draw(fields())
        pattern = begin + "".join(f", {field['name']} = {{{field['name']}}}" for field in its)
        more = draw(st.fixed_dictionaries({"name": TEXTS}, optional={"provenance": WORDS, "tells": TELLS}))
        found[pattern] = {"pattern": pattern, "fields": [_in_line(field) for field in its]} | more
    return [*found.values()]


def _in_line(field):
    """Return the same field with a type and size that a line may have."""
    types = {"ascii": {"type": "text"}, "int": {"type": "decimal", "divisor": 100}}
    its = field | types.get(field.get("type", ""), {})
    left_out = ["order", *(["multiplier"] if its.get("type") == "decimal" else [])]
    return {key: value for key, value in its.items() if key not in left_out and value != "to zero"}


def user_files():
    """Return a strategy for the texts of user definition files."""
    ends = st.lists(st.sampled_from(STATUSES), unique=True, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "enumeration": enumerations(),
            "error": errors(),
            "transition": entries("from", st.sampled_from(STATUSES), {"to": ends}),
            "pilot": entries("state", st.sampled_from("AG"), {"voltage": st.integers(-12, 12), "meaning": TEXTS}),
            "command": commands(),
            "exchange": entries("name", TEXTS, {"hops": st.lists(HOPS, min_size=2, unique=True)}),
            "line": lines(),
        },
    ).map(as_file)


LINES = [f"{known.arrow}:{known.text}" for known in KNOWN_FRAMES] + list(UNDERSTOOD)
PATTERN = b"\xff\x00\x01\x08\x0e\x99'{}\\\x1b"


def assert_works(definition):
    """Check that whatever this definition defines can be decoded, encoded and shown."""
    pipeline = Pipeline(definition)
    items: list[Chunk | LogLine] = [parse_line(line) for line in LINES]
    items += [parse_line(line.pattern.replace("{", "").replace("}", "7")) for line in definition.lines]
    items += [Chunk(payload.raw, 0) for command in definition.commands for payload in frames_of(command)]
    for item in items:
        for record in pipeline.feed(item):
            assert list(writer.format_lines(record, definition, None))
            assert format_row(record)
            assert build_record_view(record, definition).name
            if isinstance(record.item, Message):
                assert explain([record.item.frame.raw.hex(" ")], definition)
    snapshot = pipeline.snapshot()
    assert snapshot.ledger.waiting == 0
    for connector in snapshot.connectors:
        assert draw_diagram(
            StateDiagram(definition.transitions, connector.status), [*definition.transitions], 40, boxed=True
        )
        assert connector.cp_voltage is None or format_pilot(definition, connector.cp_voltage)
    assert_encodes(definition)


def frames_of(command):
    """Yield frames of this command with payloads of its size, shorter and longer."""
    size = min(8 if command.size is None else command.size, 200)
    for count in {0, 1, size, size + 1}:
        yield frame(command.route, command.code, (PATTERN * 20)[:count])


def assert_encodes(definition):
    """Check that each message that was decoded whole is encoded to the same bytes."""
    codec = Codec(definition)
    for command in definition.commands:
        for sent in frames_of(command):
            message = codec.decode(sent)
            if message.command is command and not message.problem and "undefined" not in values_of(message):
                assert codec.encode(message.command, sent.sequence, values_of(message)) == sent.raw
