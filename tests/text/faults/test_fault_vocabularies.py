"""The names of faults in other vocabularies: each entry is what protocol.md says, and as certain as it says."""

import re
import tomllib

import pytest
from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.enumeration import Provenance
from sniffer.text.faults.fault_vocabularies import (
    MREC,
    find_foreign_names,
    find_rows_called,
    list_words,
    load_glossary,
    parse_glossary,
    split_names,
)
from tests.core.protocol.helpers import DEFINITION
from tests.paths import ROOT

CHARIN, MATTER = "CharIN unified", "Matter EnergyEvse"
ROWS = {row.meaning: row for row in DEFINITION.errors}

# From here to the end of the table: sniffer/docs/protocol.md, Fault vocabularies, row by row.
TABLE = {
    ("Under voltage", MREC): "inferred CX006",
    ("Over voltage", MREC): "inferred CX005",
    ("Over current", MREC): "inferred CX004",
    ("Emergency button", MREC): "inferred CX008",
    ("Relay fault", MREC): "inferred CX017",
    ("Leakage fault", MREC): "assumed CX002",
    ("Elec lock fault", MREC): "assumed CX001",
    ("CP fault", MREC): "assumed CX014",
    ("CP-12V fault", MREC): "assumed CX014",
    ("Over temperature", MREC): "assumed CX003",
    ("Connector fault", MREC): "assumed CX020 or CX023",
    ("LTE comm fault", MREC): "assumed CX007",
    # The page lists CharIN's and Matter's words without saying how well they fit.
    ("Elec lock fault", CHARIN): "assumed ConnectorLockFailure",
    ("Over temperature", CHARIN): "assumed HighTemperature",
    ("Over voltage", CHARIN): "assumed Overvoltage",
    ("Over current", CHARIN): "assumed OverCurrent",
    ("Relay fault", CHARIN): "assumed ContactorPosition",
    ("Under voltage", CHARIN): "assumed GridPowerLoss",
    ("LN reverse fault", MATTER): "assumed LiveNeutralSwap",
    ("Meter data fault", MATTER): "assumed MeterFailure",
    ("Meter comm fault", MATTER): "assumed MeterFailure",
    ("Emergency button", MATTER): "assumed EmergencyStop",
    ("Relay fault", MATTER): "assumed ContactWetFailure or ContactDryFailure",
}
SECTION = re.findall(
    r"^## Fault vocabularies\n(.*?)(?=^From |\Z)", (ROOT / "sniffer/docs/protocol.md").read_text("utf-8"), re.M | re.S
)[0]


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_each_row_is_called_what_the_page_says_and_nothing_else(row):
    found = {(row.meaning, one.vocabulary): f"{one.provenance} {one.text}" for one in find_foreign_names(row)}
    assert found == {key: value for key, value in TABLE.items() if key[0] == row.meaning}


def test_no_entry_is_for_a_row_that_is_not_there():
    assert set(load_glossary().entries) <= {(row.vendor, row.stop_reason) for row in DEFINITION.errors}
    assert sum(map(len, load_glossary().entries.values())) == len(TABLE)


def test_the_words_are_those_of_the_page():
    codes = set(re.findall(r"\bCX\d{3}\b", SECTION))
    others = set(re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", SECTION)) - {"UnderVoltage", "EnergyEvse", "NotifyEvent"}
    others |= {"Overvoltage"} & set(re.findall(r"\w+", SECTION))
    assert set(list_words()) == codes | {word for word in others if word not in ("ChargeX", "CharIN")}


def test_the_name_of_each_entry_is_that_of_its_row():
    file = tomllib.loads((ROOT / "sniffer/text/faults/data/fault_vocabularies.toml").read_text("utf-8"))
    rows = {(row.vendor, row.stop_reason): row.meaning for row in DEFINITION.errors}
    assert all(rows[entry["vendor"], entry["stop_reason"]] == entry["meaning"] for entry in file["entry"])


def test_a_word_leads_back_to_its_rows_in_any_letter_case():
    assert [(row.meaning, entry.provenance) for row, entry in find_rows_called("cx006", DEFINITION)] == [
        ("Under voltage", Provenance.INFERRED)
    ]
    assert [row.meaning for row, _ in find_rows_called("CX014", DEFINITION)] == ["CP fault", "CP-12V fault"]
    assert find_rows_called("CX099", DEFINITION) == []


def test_a_row_of_the_user_keeps_the_words_of_its_code():
    mine = replace(ROWS["Relay fault"], meaning="Schütz klebt")
    assert find_foreign_names(mine) == find_foreign_names(ROWS["Relay fault"])
    assert find_foreign_names(replace(mine, vendor=None)) == ()


ENTRY = (
    '[[entry]]\nvendor = 1\nstop_reason = "SR"\nvocabulary = "A"\nnames = ["x"]\nprovenance = "assumed"\nremark = "r"\n'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENTRY.replace('"A"', '"B"'), "one of A"),
        (ENTRY.replace("assumed", "sure"), "one of verified"),
        (ENTRY.replace('names = ["x"]', "names = []"), "names"),
        (ENTRY + ENTRY, "no other entry for this row"),
    ],
)
def test_an_entry_that_breaks_the_format_is_refused(text, expected):
    with pytest.raises(DefinitionError, match=expected):
        parse_glossary(TomlTable("file", tomllib.loads(f'[[vocabulary]]\nname = "A"\nabout = "b"\n{text}')))


def test_several_words_are_split_and_other_texts_are_not():
    assert split_names("CX006, cx008", DEFINITION) == ["CX006", "cx008"]
    assert [split_names(one, DEFINITION) for one in ("CX006 x", "", " ", ",")] == [["CX006 x"], [""], [" "], [","]]
