"""The keys of faults, and of the records that show them."""

from datetime import UTC

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.evidence import Evidence
from sniffer.formats.jsonl.fault_keys import build_duration_keys, build_evidence, build_fault_object
from tests.commands.report.helpers import fault_of
from tests.core.protocol.helpers import DEFINITION


def test_a_place_has_its_line_only_in_a_text_log() -> None:
    assert build_evidence(Evidence(4, None, None)) == {"number": 4}
    assert build_evidence(Evidence(4, 717, None)) == {"number": 4, "line": 717}


def test_codes_that_follow_from_the_table_are_named() -> None:
    found = build_fault_object(fault_of(0x200208), DEFINITION)
    assert (found["ocpp_error"], found["vendor_error"], found["m4_error"]) == ("UnderVoltage", "0x200208", 4)
    assert (found["meaning"], found["implied"]) == (["Under voltage"], ["m4_error", "ocpp_error"])
    assert "mended" not in found


def test_a_fault_that_has_ended_says_how_long_it_lasted() -> None:
    fault = replace(fault_of(since=5), cleared=7 * SECOND)
    keys = build_duration_keys(fault, UTC)
    assert (keys["since"], keys["duration"]) == ("1970-01-01T00:00:05.000000+00:00", 2.0)
    assert build_duration_keys(replace(fault, cleared=None), UTC)["duration"] is None
