"""The codes of a fault have a meaning by the error table; codes imply others, and contradict others."""

import pytest

from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.charger.helpers import GROUNDING, OVER_VOLTAGE, RELAY, UNDER_VOLTAGE, Bench, raised
from tests.core.protocol.helpers import DEFINITION


@pytest.fixture
def bench():
    return Bench()


def meanings(**codes):
    return [row.meaning for row in diagnose(FaultCodes(**codes), DEFINITION.errors).rows]


def diagnosed(entry, **codes):
    """Return the diagnosis by the packaged table with one entry of a user's file."""
    definition = load(packaged_files(), [("my.toml", f"[[error]]\n{entry}\n")])
    return diagnose(FaultCodes(**codes), definition.errors)


def relay(m4="", ocpp=""):
    """Return an entry for the relay fault whose codes have these words; without a word the code is left out."""
    codes = [
        f"{kind} = {code}\n{kind}_provenance = '{word}'"
        for kind, code, word in (("m4", 7, m4), ("ocpp", 11, ocpp))
        if word
    ]
    return "\n".join([f"vendor = {RELAY}", *codes])


@pytest.mark.parametrize(
    ("entry", "codes", "implied"),
    [
        (relay(m4="user"), {"vendor": RELAY}, FaultCodes(m4=7)),
        (relay(m4="user"), {"m4": 7}, FaultCodes(vendor=RELAY)),
        (relay(m4="user"), {"m4": 7, "ocpp": 11}, FaultCodes(vendor=RELAY)),
        (relay(m4="user", ocpp="user"), {"m4": 7}, FaultCodes(ocpp=11, vendor=RELAY)),
        (relay(ocpp="user"), {"ocpp": 11}, FaultCodes(vendor=RELAY)),
        (relay(m4="user"), {"ocpp": 11}, FaultCodes()),
        (relay(m4="assumed"), {"vendor": RELAY}, FaultCodes()),
        (relay(m4="assumed"), {"m4": 7}, FaultCodes()),
        (relay(m4="assumed", ocpp="assumed"), {"m4": 7, "ocpp": 11}, FaultCodes()),
        (f"vendor = {RELAY}\nm4 = [7, 8]", {"vendor": RELAY}, FaultCodes()),
        (relay(m4="user"), {"m4": 7, "vendor": GROUNDING}, FaultCodes()),
    ],
)
def test_a_users_own_code_implies_as_a_documented_one_does_and_a_guess_does_not(entry, codes, implied):
    assert diagnosed(entry, **codes).implied == implied


def test_a_guess_that_narrows_an_ambiguous_code_implies_nothing_by_it():
    entry = 'vendor = 0x10022F\nm4 = 9\nm4_provenance = "assumed"'
    found = diagnosed(entry, m4=9, ocpp=10)
    assert found.meanings == ("Power sequence fault",)
    assert found.implied == FaultCodes()


@pytest.mark.parametrize(("word", "agree"), [("user", False), ("assumed", None)])
def test_only_a_firm_code_speaks_against_another(word, agree):
    assert diagnosed(relay(m4=word), vendor=RELAY, m4=8).agree is agree
    assert diagnosed(relay(ocpp=word), vendor=RELAY, ocpp=7).agree is agree


@pytest.mark.parametrize(
    ("vendor", "rows"),
    [
        (UNDER_VOLTAGE, ["Under voltage"]),
        (RELAY, ["Relay fault"]),
        (OVER_VOLTAGE, ["Over voltage"]),
        (GROUNDING, ["Grounding"]),
        (0x10020F, ["Meter data fault", "Meter comm fault"]),
        *[(0x000208, []), (0x208, []), (0x300208, []), (0x20020F, []), (0xFFFFFF, [])],
    ],
)
def test_a_vendor_code_is_looked_up_whole(bench, vendor, rows):
    assert meanings(vendor=vendor) == rows
    (fault,) = raised(bench.notify("Faulted", "OtherError", vendor=vendor))
    assert (list(fault.diagnosis.meanings), fault.codes) == (rows, FaultCodes(7, vendor))


def test_every_row_is_found_by_its_vendor_code():
    for row in DEFINITION.errors:
        assert row.meaning in meanings(vendor=row.vendor)


@pytest.mark.parametrize(
    ("codes", "rows"),
    [
        ({}, []),
        ({"m4": 4}, ["Under voltage"]),
        ({"ocpp": 14}, ["Under voltage"]),
        ({"ocpp": 10}, ["Meter data fault", "Meter comm fault", "Power sequence fault"]),
        ({"ocpp": 7}, []),
        ({"m4": 9}, []),
        ({"m4": 9, "ocpp": 9}, ["Over voltage"]),
        ({"m4": 9, "ocpp": 14}, ["Under voltage"]),
        ({"m4": 4, "ocpp": 9}, ["Over voltage", "Under voltage"]),
        ({"vendor": 0xABCDEF, "ocpp": 14, "m4": 4}, ["Under voltage"]),
        ({"vendor": RELAY, "ocpp": 14, "m4": 4}, ["Under voltage", "Relay fault"]),
        ({"vendor": 0x10020F, "ocpp": 10}, ["Meter data fault", "Meter comm fault"]),
        ({"vendor": RELAY, "ocpp": 7}, ["Relay fault"]),
    ],
)
def test_codes_mean_what_all_of_them_name_or_else_what_any_of_them_does(codes, rows):
    assert meanings(**codes) == rows


@pytest.mark.parametrize(
    ("codes", "agree"),
    [
        *[({}, None), ({"m4": 4}, None), ({"ocpp": 14}, None), ({"m4": 9, "ocpp": 7}, None)],
        *[({"m4": 4, "ocpp": 14}, True), ({"vendor": UNDER_VOLTAGE, "ocpp": 14, "m4": 4}, True)],
        *[({"vendor": 0x10020F, "ocpp": 10}, True), ({"vendor": RELAY, "ocpp": 7}, None), ({"m4": 9, "ocpp": 9}, None)],
        *[({"m4": 4, "ocpp": 9}, False), ({"vendor": RELAY, "ocpp": 14}, False), ({"m4": 9, "ocpp": 14}, False)],
        *[({"vendor": 0xABCDEF, "m4": 4}, False), ({"vendor": UNDER_VOLTAGE, "ocpp": 7}, False)],
    ],
)
def test_codes_agree_unless_a_documented_one_speaks_against_another(codes, agree):
    assert diagnose(FaultCodes(**codes), DEFINITION.errors).agree is agree


def test_each_code_says_what_it_names_by_itself():
    found = diagnose(FaultCodes(ocpp=9, vendor=0x300208, m4=4), DEFINITION.errors)
    says = {reading.kind: [row.meaning for row in reading.rows] for reading in found.readings}
    assert says == {"m4": ["Under voltage"], "ocpp": ["Over voltage"], "vendor": []}
    assert [reading.code for reading in found.unknown] == [0x300208]
    assert found.implied == FaultCodes()


def test_what_all_rows_agree_on_is_implied_and_nothing_else(bench):
    (fault,) = raised(bench.report("Faulted", "PowerMeterFailure"))
    assert fault.diagnosis.implied == FaultCodes()
    bench.line("ocpp error Code :10,1049103")
    assert bench.fault.diagnosis.meanings == ("Meter data fault", "Meter comm fault")
    bench.report("Available")
    (fault,) = raised(bench.line("icomCode = 4,index=1"))
    assert fault.diagnosis.implied == FaultCodes(14, UNDER_VOLTAGE)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (FaultCodes(), FaultCodes(1, 2, 3), FaultCodes(1, 2, 3)),
        (FaultCodes(ocpp=0), FaultCodes(vendor=2), FaultCodes(0, 2)),
        (FaultCodes(1, 2, 3), FaultCodes(1, 2, 3), FaultCodes(1, 2, 3)),
        (FaultCodes(ocpp=1), FaultCodes(ocpp=2), None),
        (FaultCodes(vendor=RELAY), FaultCodes(vendor=UNDER_VOLTAGE), None),
        (FaultCodes(1, m4=3), FaultCodes(1, m4=4), None),
        (FaultCodes(ocpp=0), FaultCodes(ocpp=1), None),
    ],
)
def test_codes_are_merged_unless_they_contradict(one, other, both):
    assert one.merge(other) == other.merge(one) == both
