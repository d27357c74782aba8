"""A user's definition file reaches the charger model by names and `tells`, whatever the codes are."""

import pytest

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.health.freshness import find_fault_age
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import frame

REPORT = """\
[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x41
name = "my report"
tells = "status"
summary = ""
fields = [{}]
"""
CONNECTOR = '{ name = "connector", size = 1 }, { name = "status", size = 1, enumeration = "status" }'
TENTHS = '{ name = "cp_voltage", size = 2, divisor = 10, unit = "V" }'


def report_by(fields, payload):
    """Return the charger after one such report, and the events that followed."""
    definition = load(packaged_files(), [("my.toml", REPORT.replace("{}", fields))])
    charger = Charger(definition)
    events, _ = charger.apply(Codec(definition).decode(frame(PWR_TO_COM, 0x41, payload)), 1)
    return charger.snapshot(), events


def test_a_command_of_ones_own_reports_a_status():
    snapshot, events = report_by(CONNECTOR, b"\2\1")
    assert [(connector.number, connector.status) for connector in snapshot.connectors] == [(2, "Preparing")]
    assert len(events) == 1


def test_a_pilot_voltage_in_tenths_is_one_in_volts():
    connector: Connector = report_by(f"{CONNECTOR}, {TENTHS}", b"\1\2\0\x3c")[0].connectors[0]
    assert connector.cp_voltage == 6.0


def test_a_report_that_names_no_connector_changes_no_state():
    snapshot, events = report_by('{ name = "status", size = 1, enumeration = "status" }', b"\1")
    assert (snapshot.connectors, events) == ((), ())


BCD = """\
[[link]]
name = "pump"
heads = { "pump>host" = "A7" }
sizes = [{ size = 8 }]
payload = 1
check = { name = "sum" }

[enumeration.pump]
label = "pump"
values = [{ number = 0, name = "off" }, { number = 12, name = "on" }]
moves = [{ from = "off", to = ["on"] }]

[[error]]
vendor = 10
meaning = "Too hot"

[[command]]
direction = "pump>host"
code = 0
name = "state"
summary = "{outlet}: {state}, {alarm}, {heat}"
fields = [
    { name = "outlet", size = 1, type = "bcd", tells = "connector" },
    { name = "state", size = 1, type = "bcd", enumeration = "pump", tells = "status" },
    { name = "alarm", size = 1, type = "bcd", tells = "vendor_error" },
    { name = "heat", size = 3, type = "bcd", divisor = 100, unit = "°C", tells = "temperature" },
]
"""


def run_pump(*payloads: str) -> Pipeline:
    """Return a pipeline that has read these payloads of a board whose numbers are in BCD, a second apart."""
    pipeline = Pipeline(load(packaged_files(), [("pump.toml", BCD)]))
    for second, payload in enumerate(payloads):
        raw = bytes.fromhex(f"A7 {payload}")
        pipeline.feed(Chunk(raw + bytes([sum(raw) % 256]), second * 1_000_000_000))
    return pipeline


def test_numbers_in_bcd_tell_connector_state_fault_and_value() -> None:
    snapshot = run_pump("11 00 00 00 23 50", "11 12 10 00 24 50").snapshot()
    assert [(one.number, one.status) for one in snapshot.connectors] == [(11, "on")]
    assert [(fault.connector, fault.diagnosis.meanings) for fault in snapshot.faults] == [(11, ("Too hot",))]
    assert [(one.connector, one.name, one.value) for one in snapshot.measurements.values] == [(11, "temperature", 24.5)]


def test_what_is_no_bcd_tells_nothing_and_ends_no_fault() -> None:
    before = run_pump("11 12 10 00 24 50").snapshot()
    after = run_pump("11 12 10 00 24 50", "1A 00 00 00 25 00", "11 0F 0F 00 2F 00").snapshot()
    assert [(one.number, one.status) for one in after.connectors] == [(11, "on")]
    assert [fault.diagnosis for fault in after.faults] == [fault.diagnosis for fault in before.faults]
    assert [one.value for one in after.measurements.values] == [24.5]


def test_a_valid_state_with_a_fault_code_that_is_no_bcd_ends_no_fault() -> None:
    snapshot = run_pump("11 12 10 00 24 50", "11 00 0F 00 24 50").snapshot()
    assert [(one.status, len(snapshot.faults)) for one in snapshot.connectors] == [("off", 1)]


LAMP = """\
[[link]]
name = "lamp"
heads = { "lamp>host" = "B1" }
sizes = [{ size = 4 }]
payload = 1
check = { name = "sum" }

[[command]]
direction = "lamp>host"
code = 0
name = "report"
summary = ""
FIELDS
"""


def run_lamp(fields: str, *payloads: str) -> Pipeline:
    """Return a pipeline that has read these payloads of a board with one command, a second apart."""
    frame_size = len(bytes.fromhex(payloads[0])) + 2 if payloads else 4
    text = LAMP.replace("size = 4", f"size = {frame_size}").replace("FIELDS", fields)
    pipeline = Pipeline(load(packaged_files(), [("lamp.toml", text)]))
    for second, payload in enumerate(payloads):
        raw = bytes.fromhex(f"B1 {payload}")
        pipeline.feed(Chunk(raw + bytes([sum(raw) % 256]), second * 1_000_000_000))
    return pipeline


def test_a_report_of_codes_alone_says_that_there_is_no_fault() -> None:
    fields = 'fields = [{ name = "alarm", size = 1, tells = "vendor_error" }, { name = "x", size = 1 }]'
    before, after = run_lamp(fields).snapshot(), run_lamp(fields, "00 20").snapshot()
    assert (before.says_faults, after.says_faults, after.connectors) == (False, True, ())
    assert find_fault_age(after, load(packaged_files()), 60_000_000_000) == 60_000_000_000


def test_a_state_without_codes_does_not_say_whether_there_is_a_fault() -> None:
    state = '{ name = "state", size = 1, enumeration = "status", tells = "status" }'
    snapshot = run_lamp(f'fields = [{state}, {{ name = "x", size = 1 }}]', "01 00").snapshot()
    assert [one.status for one in snapshot.connectors] == ["Preparing"]
    assert not snapshot.says_faults


def test_a_value_that_is_no_number_tells_nothing() -> None:
    field = '{ name = "work", size = 4, type = "float", multiplier = 1000, unit = "Wh", tells = "energy" }'
    for last in ("7FC00000", "7F800000", "FF800000", "FFC00001"):
        snapshot = run_lamp(f"fields = [{field}]", "43663334", "43660000", last).snapshot()
        assert [(one.name, one.value) for one in snapshot.measurements.values] == [("energy", 230000.0)]


@pytest.mark.parametrize(
    ("field", "command", "rules"),
    [
        ('name = "temperature"', 'tells = "meter"', ["temperature-high"]),
        ('name = "heat", tells = "temperature"', "", []),
    ],
)
def test_the_rules_of_the_charger_apply_only_where_a_command_says_so(
    field: str, command: str, rules: list[str]
) -> None:
    fields = f'{command}\nfields = [{{ name = "x", size = 1 }}, {{ {field}, size = 1, unit = "°C" }}]'
    snapshot = run_lamp(fields, "00 60", "00 61").snapshot()
    assert [one.value for one in snapshot.measurements.values] == [0x61]
    assert [one.rule for one in snapshot.measurements.implausible] == rules


READER = """\
[[link]]
name = "reader"
heads = { "acu>pd" = "53", "pd>acu" = "53" }
direction = { at = 1, "acu>pd" = "0x00-0x7F", "pd>acu" = "0x80-0xFF" }
length = { at = 2, size = 2, order = "little", least = 8 }
sequence = { at = 4 }
command = { at = 5 }
payload = 6
check = { name = "CRC-16/SPI-FUJITSU", order = "little" }

[[link]]
name = "reader-sum"
heads = { "acu>pd" = "53", "pd>acu" = "53" }
direction = { at = 1, "acu>pd" = "0x00-0x7F", "pd>acu" = "0x80-0xFF" }
length = { at = 2, size = 2, order = "little", least = 7 }
sequence = { at = 4 }
command = { at = 5 }
payload = 6
check = { name = "sum negated" }

[[command]]
link = ["reader", "reader-sum"]
direction = "acu>pd"
code = 0x60
name = "poll"
summary = ""
fields = []

[[command]]
link = ["reader", "reader-sum"]
direction = "pd>acu"
code = 0x40
name = "ack"
answers = 0x60
summary = ""
fields = []
"""


def test_commands_of_several_links_are_found_and_paired_on_each() -> None:
    """The first frame is the poll of OSDP that tests of public libraries have."""
    pipeline = Pipeline(load(packaged_files(), [("reader.toml", READER)]))
    frames = "53 65 08 00 04 60 60 90", "53 80 07 00 02 40 E4", "53 00 07 00 02 60 44", "53 80 07 00 02 40 E4"
    records = [
        one for at, raw in enumerate(frames) for one in pipeline.feed(Chunk(bytes.fromhex(raw), at * 10_000_000))
    ]
    messages = [record.item for record in records if isinstance(record.item, Message)]
    assert [(one.frame.link.name, one.name) for one in messages] == [
        ("reader", "poll"),
        ("reader-sum", "ack"),
        ("reader-sum", "poll"),
        ("reader-sum", "ack"),
    ]
    assert [record.refers is not None for record in records] == [False, False, False, True]


HUB = """\
[[link]]
name = "hub"
heads = { "hub>host" = "E1" }
length = { at = 1, adds = 3 }
payload = 2
check = { name = "sum" }

[[command]]
direction = "hub>host"
code = 0
name = "channels"
summary = "{channels}"
fields = [
    { name = "channels", type = "list", most = 4, fields = [
        { name = "kind", size = 1 },
        { switch = "kind", cases = [
            { values = 1, flat = true, fields = [{ name = "heat", size = 1, unit = "°C", tells = "temperature" }] },
            { values = 2, fields = [{ name = "level", size = 1 }] },
        ] },
    ] },
]
"""


def test_a_value_in_a_list_may_be_in_another_item_each_time() -> None:
    pipeline = Pipeline(load(packaged_files(), [("hub.toml", HUB)]))
    for second, payload in enumerate(("01 20", "02 07 01 21", "02 07 02 08", "02 07 02 08 01 22")):
        body = bytes.fromhex(payload)
        raw = bytes([0xE1, len(body)]) + body
        pipeline.feed(Chunk(raw + bytes([sum(raw) % 256]), second * 1_000_000_000))
    snapshot = pipeline.snapshot()
    assert [(one.name, one.value, one.time) for one in snapshot.measurements.values] == [
        ("temperature", 0x22, 3_000_000_000)
    ]
