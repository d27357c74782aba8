"""Proposals for the error table, and pairs that are only listed: each case is a log of faults."""

import pytest
from msgspec.structs import replace

from sniffer.commands.learn.proposal_file import format_proposals
from sniffer.core.protocol.enumeration import Provenance
from tests.commands.learn.helpers import Log, learner_of, only_entry, propose
from tests.core.charger.helpers import SAMPLE
from tests.core.protocol.helpers import DEFINITION

RELAY = 0x100208
METER = 0x10020F
UNDER_VOLTAGE = 0x200208
ASSUMED_M4 = {"m4_provenance": "assumed"}


def log_of(*faults):
    """Return a log of faults, each (times, M4, OCPP, vendor)."""
    log = Log()
    for count, *codes in faults:
        for _ in range(count):
            log.fault(*codes)
    return log


def test_an_m4_code_that_the_table_lacks_is_proposed():
    entry, text = only_entry("error", log_of((3, 7, 11, RELAY)))
    assert entry == {"vendor": RELAY, "m4": 7} | ASSUMED_M4
    assert "vendor = 0x100208\n" in text
    assert "# Vendor 0x100208: Relay fault\n#   M4 7: 3 times; proposed\n" in text
    assert "OCPP 11 PowerSwitchFailure: 3 times; confirms the table (inferred)" in text


def test_so_is_an_ocpp_code():
    entry, _ = only_entry("error", log_of((1, 9, 7, 0x100202)))
    assert entry == {"vendor": 0x100202, "m4": 9, "ocpp": 7, "ocpp_provenance": "assumed"} | ASSUMED_M4


def test_several_m4_codes_can_stand_for_one_vendor_code():
    entry, _ = only_entry("error", log_of((2, 7, 11, RELAY), (1, 8, 11, RELAY)))
    assert entry["m4"] == [7, 8]


def test_only_what_is_new_is_stated():
    entry, _ = only_entry("error", log_of((2, 5, 14, UNDER_VOLTAGE), (2, 4, 14, UNDER_VOLTAGE)))
    assert entry == {"vendor": UNDER_VOLTAGE, "m4": 5} | ASSUMED_M4


def test_what_the_table_has_is_confirmed_and_not_proposed_again():
    log = Log()
    log.lines = SAMPLE.read_text("ascii").splitlines()
    text, file = propose(log)
    assert file == {}
    assert "M4 4, OCPP 14 UnderVoltage, vendor 0x200208: once" in text
    assert "M4 4: once; confirms the table (documented)" in text
    assert "OCPP 14 UnderVoltage: once; confirms the table (documented)" in text


def test_a_pairing_that_is_clearly_the_most_frequent_is_proposed_with_what_contradicts_it():
    entry, text = only_entry("error", log_of((12, 7, 11, RELAY), (2, 7, 10, METER)))
    assert entry == {"vendor": RELAY, "m4": 7} | ASSUMED_M4
    assert "M4 7: 12 times; contradicted: 2 times with 0x10020F; proposed" in text
    assert "M4 7: 2 times; contradicted: 12 times with 0x100208; not clearly this one: not proposed" in text


def test_pairings_as_frequent_as_each_other_are_only_listed():
    text, file = propose(log_of((3, 7, 11, RELAY), (2, 7, 10, METER)))
    assert file == {}
    assert text.count("not clearly this one: not proposed") == 2


def test_what_the_table_has_for_another_row_is_a_contradiction():
    text, file = propose(log_of((20, 4, 11, RELAY)))
    assert file == {}
    assert "M4 4: 20 times; contradicts the table, which has it for 0x200208: not proposed" in text


@pytest.mark.parametrize(
    ("vendor", "verdict"),
    [
        (UNDER_VOLTAGE, "contradicts the table, which has OCPP 14 (documented): not proposed"),
        (RELAY, "proposed in place of OCPP 11 (inferred)"),
    ],
)
def test_an_ocpp_code_replaces_only_what_is_inferred(vendor, verdict):
    text, file = propose(log_of((5, 6, 7, vendor)))
    assert f"OCPP 7 OtherError: 5 times; {verdict}" in text
    assert [entry.get("ocpp") for entry in file["error"]] == ([7] if vendor == RELAY else [None])


def test_a_vendor_code_that_the_table_lacks_is_a_new_row():
    entry, text = only_entry("error", log_of((2, 7, 11, 0x10029A)))
    assert entry == {
        "vendor": 0x10029A,
        "m4": 7,
        "m4_provenance": "assumed",
        "ocpp": 11,
        "ocpp_provenance": "assumed",
        "meaning": "seen with PowerSwitchFailure; meaning not known",
        "provenance": "assumed",
    }
    assert "# Vendor 0x10029A: not in the table" in text


def test_an_m4_code_without_a_vendor_code_is_a_row_for_its_ocpp_code():
    log = Log()
    for m4 in (7, 7, 7, 8):
        log.report(error="PowerSwitchFailure", m4=m4)
    _, file = propose(log)
    assert [entry["m4"] for entry in file["error"]] == [7, 8]
    assert file["error"][0] == {
        "m4": 7,
        "m4_provenance": "assumed",
        "ocpp": 11,
        "ocpp_provenance": "assumed",
        "meaning": "M4 7, seen with PowerSwitchFailure; meaning not known",
        "provenance": "assumed",
    }


def test_an_m4_code_of_the_table_without_a_vendor_code_is_only_listed():
    log = Log()
    log.report(error="UnderVoltage", m4=4)
    log.report(error="OverVoltage", m4=4)
    text, file = propose(log)
    assert file == {}
    assert "OCPP 14 UnderVoltage: once; confirms the table (documented)" in text
    assert "OCPP 9 OverVoltage: once; contradicts the table, which has OCPP 14 (documented): not proposed" in text


def test_nor_is_it_proposed_for_a_row_that_lacks_its_ocpp_code():
    errors = tuple(replace(row, m4={7: Provenance.USER}) for row in DEFINITION.errors if row.ocpp is None)
    log = Log()
    log.report(error="PowerSwitchFailure", m4=7)
    text = format_proposals(learner_of(log).result(), replace(DEFINITION, errors=errors))
    assert "OCPP 11 PowerSwitchFailure: once; the table has a row for this M4 code: not proposed" in text
    assert "[[error]]" not in text


def test_rows_that_share_a_vendor_code_are_named_together():
    log = Log()
    for _ in range(2):
        log.relay(log.report(error="PowerMeterFailure", m4=12), error="PowerMeterFailure", vendor=METER)
    entry, text = only_entry("error", log)
    assert entry == {"vendor": METER, "m4": 12} | ASSUMED_M4
    assert "Vendor 0x10020F: Meter data fault or Meter comm fault" in text
    assert "which of them is meant, only an index can say" in text


class TestByItsIndex:
    """An M4 code belongs to the row that its index names, as far as nothing else says otherwise."""

    def log_of(self, *lines):
        """Return a log of index lines, each (times, M4, index), far from each other."""
        log = Log()
        for count, m4, index in lines:
            for _ in range(count):
                log.text(f"icomCode = {m4},index={index}")
                log.second += 10
        return log

    def test_a_code_without_any_other_is_proposed_for_its_row(self):
        entry, text = only_entry("error", self.log_of((3, 7, 12)))
        assert entry == {"vendor": RELAY, "m4": 7} | ASSUMED_M4
        assert (
            "#   M4 7: never with a vendor code; proposed by its index\n#     index 12 (Relay fault): 3 times\n" in text
        )

    def test_the_code_of_the_document_fits_and_is_not_proposed_again(self):
        text, file = propose(self.log_of((2, 4, 3), (5, 0, 0)))
        assert file == {}
        assert "confirmed by a vendor code or the table: 2 times; against: never" in text
        assert "#   code 0 with index 0, no fault: 5 times\n" in text
        assert "#   code 4 with index 3 (Under voltage): 2 times\n" in text

    def test_a_contrary_pair_counts_against(self):
        entry, text = only_entry("error", self.log_of((8, 7, 12), (2, 7, 3)))
        assert (entry["vendor"], entry["m4"]) == (RELAY, 7)
        assert (
            "proposed by its index\n#     index 12 (Relay fault): 8 times, index 3 (Under voltage): 2 times\n" in text
        )
        text, file = propose(self.log_of((7, 7, 12), (2, 7, 3)))
        assert file == {}
        assert "#   code 7 with index 12 (Relay fault): 7 times, index 3 (Under voltage): 2 times\n" in text

    def test_of_rows_with_one_vendor_code_the_index_decides(self):
        log = Log()
        for m4, index in ((12, 6), (13, 7), (14, 7)):
            log.fault(m4, 10, METER, index=index)
        _, file = propose(log)
        assert file["error"] == [
            {"vendor": METER, "stop_reason": "SR_METERDATA", "m4": 12} | ASSUMED_M4,
            {"vendor": METER, "stop_reason": "SR_METERCOM", "m4": [13, 14]} | ASSUMED_M4,
        ]

    def test_a_vendor_code_is_stronger_than_an_index(self):
        log = Log()
        for _ in range(5):
            log.fault(7, 11, RELAY, index=3)
        entry, text = only_entry("error", log)
        assert entry == {"vendor": RELAY, "m4": 7} | ASSUMED_M4
        assert "M4 7: 5 times; proposed\n#     an index that contradicts other codes: 5 times\n" in text
        assert "The assumption does not hold here: nothing is proposed from it." in text

    def test_nothing_is_proposed_where_the_assumption_does_not_hold(self):
        log = self.log_of((3, 7, 12))
        log.fault(4, 14, UNDER_VOLTAGE, index=9)
        text, file = propose(log)
        assert file == {}
        assert "confirmed by a vendor code or the table: never; against: once" in text

    def test_a_code_of_another_row_in_the_table_is_not_proposed(self):
        log = self.log_of((1, 4, 12))
        for _ in range(9):
            log.fault(4, 14, UNDER_VOLTAGE)
        text, file = propose(log)
        assert file == {}
        assert "#     index 3 (Under voltage): 9 times, an index that contradicts other codes: once\n" in text

    def test_a_code_that_came_with_the_ocpp_code_of_another_row_is_not_proposed_for_it(self):
        log = Log()
        log.report(error="OverVoltage", m4=7)
        log.text("icomCode = 7,index=6")
        entry, text = only_entry("error", log)
        assert "vendor" not in entry
        assert "code 7 with index 6 (Meter data fault): once" in text

    def test_it_takes_the_place_of_a_row_without_a_vendor_code(self):
        log = Log()
        log.report(error="PowerMeterFailure", m4=7)
        log.text("icomCode = 7,index=6")
        entry, _ = only_entry("error", log)
        assert entry == {"vendor": METER, "stop_reason": "SR_METERDATA", "m4": 7} | ASSUMED_M4


def test_an_ocpp_code_without_a_name_is_shown_as_its_number():
    entry, text = only_entry("error", log_of((2, 7, 17, 0x10029A)))
    assert entry["meaning"] == "seen with 17 (unknown); meaning not known"
    assert "OCPP error 17: " in text
    assert "#   OCPP 17 (unknown): 2 times; proposed" in text


def test_faults_in_several_files_add_up():
    _, text = only_entry("error", log_of((2, 7, 11, RELAY)), log_of((1, 7, 11, RELAY)))
    assert "M4 7: 3 times; proposed" in text
    assert "Read: 2 sources (0.log, 1.log);" in text


def test_what_pairs_nothing_is_counted():
    log = Log()
    log.text("pwrCom error Code vol:7,8,9")
    log.report(error="PowerSwitchFailure", m4=7)
    log.text("icomCode = 9,index=3")
    text, file = propose(log)
    assert file == {}
    assert "one code alone, which pairs nothing: once" in text
    assert "report and lines disagree on a code, so they pair nothing: once" in text
