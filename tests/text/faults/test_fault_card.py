"""The card of each fault: all codes with how well they are known, what is confused with it, what to measure first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sniffer.core.protocol.definition import ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.text.faults.advice import PRACTICE, load_handbook
from sniffer.text.faults.fault_card import (
    DANGER,
    WIDTH,
    build_fault_card,
    differ_in_leading_digit,
    format_card,
    format_short_card,
)
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.layout.test_payload_layout import load_panels

ROWS = {row.meaning: row for row in DEFINITION.errors}

UNDER_VOLTAGE = """\
Under voltage  (documented)
  electrically: The supply voltage at the charger is below its limit: a lost
  phase, a loose terminal, a bad neutral, or too much drop under load.
  DANGER: Phases that swing apart are a broken N or PEN. With a broken PEN
    (TN-C-S) N, PE and the case rise together, N-PE stays near 0, and switching
    off leaves the case live: keep people off case and vehicle, measure PE
    against an independent earth, call the network operator.
  measure first  (general advice, not the charger's document)
  Qualified persons only, not alone. Dead: all supplies off (solar, control
  supply too) and locked, discharge time over, no voltage proven at each pole,
  vehicle unplugged. Live: all else, with PPE.
    1. Phase voltages on the tool (L2 and L3 of a one-phase charger always read
       0): one low is that phase (fuse, terminal), all low the supply; some low
       and others high is N or PEN: stop.
    2. Dead: upstream fuse or breaker and all terminals: tight, no sign of heat.
    3. Live: L-N at the supply terminals, unloaded and charging: a large drop is
       a contact or the cable; if the tool differs, the charger's sensing.
    4. Live: the same further upstream: the fault is where the voltage is lost.
  Retighten with the maker's torque; discharge after an insulation test. Before
  return to service, test PE, insulation and RCD.
  The Aurora's limit is 165 V for 6 s (Aurora manual, inferred). 200 V is
  outside EN 50160 (207 to 253 V), and yet no fault there.
  vendor error code   0x200208 = 2097672      documented
  OCPP error code     14 UnderVoltage         documented
  M4 error code       4                       documented
  stop reason         SR_UNDERVOL             documented, "currently no use"
  ChargeX MREC        CX006                   inferred, both OCPP UnderVoltage
  CharIN unified      GridPowerLoss           assumed, the nearest name
  not to be confused with
    0x100208 Relay fault: differs in the leading digit only"""

ALONE = "OCPP 10 alone does not tell them apart"
BOTH = "vendor code and OCPP 10 do not tell them apart"
LEADING = "differs in the leading digit only"


def users(meaning="Mine", vendor=0x300208, stop_reason="", ocpp=None, m4=None):
    known = None if ocpp is None else Provenance.USER
    return ErrorRow(vendor, stop_reason, meaning, Provenance.USER, ocpp, known, m4 or {})


def with_rows(*rows):
    return replace(DEFINITION, errors=(*DEFINITION.errors, *rows))


def card(row, definition=DEFINITION):
    return build_fault_card(row, definition)


def confused(row, definition=DEFINITION):
    return {confusion.row.meaning: confusion.why for confusion in card(row, definition).confused_with}


# What is on it


def test_a_card_has_all_its_parts_in_order():
    assert "\n".join(format_card(card(ROWS["Under voltage"]))) == UNDER_VOLTAGE


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_each_row_has_a_card_that_fits_a_terminal(row):
    shown = format_card(card(row))
    assert shown[0] == f"{row.meaning}  (documented)"
    assert all(0 < len(line) <= WIDTH and line.isprintable() for line in shown)


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_dangers_safety_and_the_first_step_come_first(row):
    """On a terminal of 80 by 24, the dialog has 22 lines of 73 columns, of which up to 5 are values, and no title."""
    shown = format_card(card(row), 73)
    second = next(number for number, line in enumerate(shown) if line.startswith("    2. "))
    assert second <= 18
    before = " ".join(" ".join(shown[:second]).split())
    advice = card(row).advice
    assert load_handbook().safety in before
    assert advice.measure[0] in before
    assert all(f"{DANGER} {danger}" in before for danger in advice.danger)
    after = " ".join(" ".join(shown[second:]).split())
    assert load_handbook().afterwards in after


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
@pytest.mark.parametrize("width", [40, 80])
def test_a_short_card_has_every_danger_and_the_safety_line_before_its_step(row, width):
    made = card(row)
    shown = " ".join(" ".join(format_short_card(made, [], width)).split())
    step = shown.index(f"First: {made.advice.measure[0]}")
    assert 0 < shown.index(load_handbook().safety) < step
    assert all(shown.index(f"{DANGER} {danger}") < step for danger in made.advice.danger)


def test_the_word_practice_is_explained_where_it_is_used():
    assert f"  {PRACTICE}" in format_card(card(ROWS["Grounding"]))
    assert f"  {PRACTICE}" not in format_card(card(ROWS["Door opened"]))


def test_an_unknown_code_is_shown_as_not_known():
    shown = format_card(card(ROWS["Emergency button"]))
    assert "  OCPP error code     not known" in shown
    assert "  M4 error code       not known" in shown


def test_an_inferred_code_is_shown_as_such():
    shown = format_card(card(ROWS["Relay fault"]))
    assert "  OCPP error code     11 PowerSwitchFailure   inferred" in shown
    assert '  stop reason         SR_RELAY                documented, "currently no use"' in shown


def test_a_users_row_shows_the_users_word_for_all_that_it_gives():
    row = users(vendor=None, ocpp=99, m4={7: Provenance.USER, 9: Provenance.INFERRED})
    assert format_card(card(row)) == [
        "Mine  (user)",
        "  no general advice for this row",
        "  vendor error code   not known",
        "  OCPP error code     99 (unknown)            user",
        "  M4 error code       7                       user",
        "  M4 error code       9                       inferred",
        "  stop reason         not known",
    ]


def test_a_row_that_the_user_renamed_names_the_fault_of_its_advice():
    row = replace(ROWS["Grounding"], meaning="Erdung", provenance=Provenance.USER)
    shown = format_card(card(row))
    assert "  measure first  (general advice on Grounding, not the charger's document)" in shown
    assert "  stop reason         SR_PE                   user" in shown


# What is confused with it


@pytest.mark.parametrize(
    ("meaning", "others"),
    [
        ("Under voltage", {"Relay fault": LEADING}),
        ("Relay fault", {"Under voltage": LEADING}),
        ("Grounding", {"Over voltage": LEADING, "Leakage fault": "OCPP 2 alone does not tell them apart"}),
        ("Leakage fault", {"Grounding": "OCPP 2 alone does not tell them apart"}),
        ("Over voltage", {"Grounding": LEADING}),
        ("Meter data fault", {"Meter comm fault": BOTH, "Power sequence fault": ALONE}),
        ("Meter comm fault", {"Meter data fault": BOTH, "Power sequence fault": ALONE}),
        ("Power sequence fault", {"Meter data fault": ALONE, "Meter comm fault": ALONE}),
        ("Door opened", {}),
    ],
)
def test_rows_are_confused_by_their_codes(meaning, others):
    assert confused(ROWS[meaning]) == others


def test_no_other_rows_of_the_document_are_confused():
    assert [row.meaning for row in DEFINITION.errors if confused(row)] == [
        "Grounding",
        "Over voltage",
        "Under voltage",
        "Meter data fault",
        "Meter comm fault",
        "Leakage fault",
        "Relay fault",
        "Power sequence fault",
    ]


def test_the_same_rules_hold_for_a_users_rows():
    mine = users(ocpp=14, m4={4: Provenance.USER})
    definition = with_rows(mine)
    assert confused(mine, definition) == {
        "Under voltage": f"{LEADING}; OCPP 14 and M4 4 do not tell them apart",
        "Relay fault": LEADING,
    }
    assert confused(ROWS["Relay fault"], definition) == {"Under voltage": LEADING, "Mine": LEADING}


def test_codes_that_nobody_knows_are_not_shared():
    assert confused(users(vendor=None), with_rows(users("Other", vendor=None))) == {}
    shown = format_card(
        card(ROWS["Door opened"], with_rows(users(vendor=0x10020C), users("Third", None, m4={4: "user"})))
    )
    assert "    0x10020C Mine: vendor code alone does not tell them apart" in shown
    assert not any("Third" in line for line in shown)


@given(st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF))
def test_only_the_leading_digit_differs_where_all_others_are_the_same(one, other):
    assert differ_in_leading_digit(one, other) == differ_in_leading_digit(other, one)
    assert not differ_in_leading_digit(one, one)
    assert differ_in_leading_digit(one & 0xFFFFFF, (one ^ 0x100000) & 0xFFFFFF)
    assert not differ_in_leading_digit(one, one ^ 1)


# In short


def test_a_short_card_has_the_codes_the_gist_and_the_first_step():
    assert format_short_card(card(ROWS["Relay fault"]), beside=[]) == [
        "Relay fault  (documented)",
        "  vendor 0x100208 = 1049096, OCPP 11 PowerSwitchFailure (inferred), stop reason",
        "  SR_RELAY",
        "  elsewhere ChargeX MREC CX017 (inferred), CharIN unified ContactorPosition",
        "    (assumed), Matter EnergyEvse ContactWetFailure or ContactDryFailure",
        "    (assumed)",
        "  not 0x200208 Under voltage: differs in the leading digit only",
        "  General advice: The output relay is not in the state that it is switched to: a",
        "  contact has welded or does not close, or its feedback is wrong.",
        "  DANGER: A welded contact leaves the output live when it should be off. A",
        "    vehicle may be plugged in already: isolate upstream, prove the output dead",
        "    at each pole, only then unplug.",
        "  DANGER: These electronics may be at mains potential: an earthed scope clip on",
        "    their ground shorts the mains. Differential or isolated probe only.",
        "  Qualified persons only, not alone. Dead: all supplies off (solar, control",
        "  supply too) and locked, discharge time over, no voltage proven at each pole,",
        "  vehicle unplugged. Live: all else, with PPE.",
        "  First: Take the output as live: nobody plugs in until the relay surely opens.",
    ]


def test_a_short_card_does_not_warn_of_the_rows_beside_it():
    shown = format_short_card(card(ROWS["Relay fault"]), beside=[ROWS["Under voltage"]])
    assert not any("Under voltage" in line for line in shown)


def test_a_short_card_without_advice_gives_none():
    assert format_short_card(card(users()), beside=[]) == [
        "Mine  (user)",
        "  vendor 0x300208 = 3146248",
        f"  not 0x200208 Under voltage: {LEADING}",
        f"  not 0x100208 Relay fault: {LEADING}",
    ]


# What a user's definition can bring


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "\u202e", "e\u0301", "a\nb", "x" * 200])
def test_hostile_text_is_escaped_and_kept_in_its_columns(hostile):
    row = users(hostile, stop_reason=hostile)
    definition = with_rows(row)
    for shown in (
        format_card(card(row, definition)),
        format_short_card(card(row, definition), beside=[]),
        format_card(card(ROWS["Relay fault"], definition)),
    ):
        assert all(line.isprintable() and len(line) <= WIDTH for line in shown)
        assert hostile == "x" * 200 or hostile not in "".join(shown)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.none() | st.integers(0, 0xFFFFFFFF),
    st.none() | st.integers(0, 0xFFFFFFFF),
    st.integers(20, 120),
)
def test_any_row_is_a_card_of_any_width(text, vendor, ocpp, width):
    row = users(text, vendor, text, ocpp, {ocpp or 0: Provenance.USER})
    made = card(row, with_rows(row))
    for shown in (format_card(made, width), format_short_card(made, [], width)):
        assert all(line.isprintable() and len(line) <= width for line in shown)


def test_the_values_at_a_fault_stand_between_what_it_is_and_what_to_measure():
    shown = format_card(card(ROWS["Under voltage"]), 73, ["at the fault:  197.9 V"], ["received: M4 4"])
    starts = "  electrically", "  at the fault", f"  {DANGER}", "  measure first", "    1. ", "  received", "  vendor"
    places = [next(number for number, line in enumerate(shown) if line.startswith(start)) for start in starts]
    assert places == sorted(places)
    assert "  at the fault:  197.9 V" in shown


def test_a_row_without_advice_has_the_values_too():
    shown = format_card(card(users()), 73, ["at the fault:  197.9 V"])
    assert shown[1:3] == ["  at the fault:  197.9 V", "  no general advice for this row"]


def test_the_card_of_another_board_has_only_codes_that_it_states():
    definition = load_panels(more='{ name = "extra", size = 1 }')
    row = replace(DEFINITION.errors[0], vendor=7, stop_reason="", m4={}, ocpp=None, provenance=Provenance.USER)
    assert [code.label for code in build_fault_card(row, definition).codes] == ["fault code"]
    assert len(build_fault_card(row, DEFINITION).codes) == 4
    assert build_fault_card(row, definition).confused_with == ()
