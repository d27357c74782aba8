"""What the codes of a fault imply, and what speaks against what, by how well the table knows its codes."""

import pytest

from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.protocol.loader import load, packaged_files

RELAY = 0x100208
GROUNDING = 0x100206


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
