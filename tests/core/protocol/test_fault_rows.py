"""The rows by which codes of faults are named: given this definition, these meanings."""

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.core.protocol.loader import load, packaged_definition, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.text.event_text import describe_event

ALARM = """
[[link]]
name = "alarm"
heads = { "board>panel" = "5A" }
sizes = [{ size = 3 }]
payload = 1
check = { name = "sum" }

[enumeration.alarm]
label = "alarm"
values = [{ number = 0, name = "none" }, { number = 5, name = "Hot" }, { number = 6, name = "Door open" }]

[[error]]
vendor = 5
meaning = "Too hot"

[[command]]
direction = "board>panel"
code = 0
name = "state"
summary = "{alarm}"
fields = [{ name = "alarm", size = 1, enumeration = "alarm", tells = "vendor_error" }]
"""


def test_on_a_link_of_another_board_its_own_rows_of_the_error_table_count() -> None:
    definition = load(packaged_files(), [("alarm.toml", ALARM)])
    assert [(row.vendor, row.meaning) for row in list_fault_rows(definition)] == [(5, "Too hot"), (6, "Door open")]
    both = load(packaged_files(), [("alarm.toml", f'framed = ["alarm", "pwrboard"]\n{ALARM}')])
    assert list_fault_rows(both)[:-1] == both.errors
    packaged = packaged_definition()
    assert list_fault_rows(packaged) == packaged.errors


def test_a_fault_without_a_row_has_the_name_that_its_field_gives_it() -> None:
    definition = load(packaged_files(), [("alarm.toml", ALARM)])
    (record,) = Pipeline(definition).feed(Chunk(b"\x5a\x06\x60", 0))
    texts = [describe_event(event, definition) for event in record.events]
    assert "fault raised: Door open (code 6), connector 1" in texts
