"""The packaged advice: an entry for each row of the error table and no other, in a form that can be followed."""

import tomllib

import pytest
from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.text.faults.advice import find_advice, find_line_advice, load_handbook, parse_handbook
from tests.core.protocol.helpers import DEFINITION

ENTRY = (
    'vendor = 0x100208\nstop_reason = "SR_RELAY"\nmeaning = "Relay fault"\nelectrical = ["It."]\nmeasure = ["That."]'
)
LINE = '[[line]]\ntext = "Adhesion"\nadvice = "Take care."'
BOOK = f'safety = "Care."\nafterwards = "Test."\nregistration = ["Look."]\n{LINE}\n[[advice]]\n{ENTRY}'
RELAY = next(row for row in DEFINITION.errors if row.meaning == "Relay fault")


def book(text):
    return parse_handbook(TomlTable("advice.toml", tomllib.loads(text)))


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_each_row_has_its_own_advice(row):
    advice = find_advice(row)
    assert advice is not None
    assert advice.meaning == row.meaning


def test_no_advice_is_for_a_row_that_is_not_there():
    assert set(load_handbook().entries) == {(row.vendor, row.stop_reason) for row in DEFINITION.errors}


def test_a_pending_registration_has_its_own_advice():
    assert book(BOOK).registration == ("Look.",)
    steps = load_handbook().registration
    assert [step.partition(":")[0] for step in steps] == ["Network", "Server address", "Charge point id"]
    assert all(step.endswith(".") for step in steps)


@pytest.mark.parametrize("advice", load_handbook().entries.values(), ids=lambda advice: advice.meaning)
def test_advice_is_short_and_in_a_safe_order(advice):
    assert 1 <= len(advice.electrical) <= 2
    assert 2 <= len(advice.measure) <= 4
    assert all(text[-1] in ".?" for text in (*advice.electrical, *advice.danger, *advice.measure))
    live = [step.startswith("Live") for step in advice.measure]
    dead = [step.startswith("Dead") for step in advice.measure]
    assert not any(dead[live.index(True) :] if True in live else [])


# The review of the advice: what may hurt somebody, or is wrong, does not come back.

ONE_PHASE = "L2 and L3 of a one-phase charger always read 0"
PEN = ("PEN", "switching off leaves the case live", "off case and vehicle", "independent earth", "network operator")
PLUGGED_IN = ("plugged in already", "isolate upstream, prove the output dead", "only then unplug")
SCOPE = ("mains potential", "earthed scope clip", "shorts the mains", "isolated probe")

SAID = {
    "Over voltage": (
        *PEN,
        "N-PE stays near 0",
        "stop",
        ONE_PHASE,
        "269 V for 6 s",
    ),
    "Under voltage": (
        *PEN,
        "N-PE stays near 0",
        "stop",
        ONE_PHASE,
        "165 V for 6 s",
    ),
    "Grounding": (
        "No second fault is needed",
        "half the mains voltage (practice)",
        "broken PEN",
        "independent earth",
        "swapped L and N",
        "Y capacitors",
        "N-PE below 10 V (Aurora manual, inferred)",
        "vehicle unplugged: loop impedance L-PE with a no-trip test",
        "open PE can make the case live",
        "R_A times I_dn at most 50 V",
        "Not for IT (practice)",
    ),
    "Relay fault": (
        *PLUGGED_IN,
        *SCOPE,
        "Take the output as live",
        "No voltage proves nothing",
        "one welded L shows nothing at L-N, a welded N nothing at all",
        "Only this step decides",
    ),
    "Output short circuit": (*PLUGGED_IN, "Do not reset"),
    "LN reverse fault": (
        "TN and TT only",
        "L-N normal and L-PE about 0: swapped",
        "L-N low and L-PE about the mains: an open N",
        "isolate all poles",
    ),
    "Leakage fault": (
        "an AC clamp does not see smooth DC",
        "AC/DC milliampere clamp",
        "must act at 6 mA DC (IEC 62955) and may from 3 mA",
        "may act from 15 mA AC (practice)",
        "N touching PE downstream",
        "shared neutral",
        "self-test",
        "in the distribution board",
        "250 V where surge arresters stay connected, practice",
    ),
    "Meter comm fault": SCOPE,
    "Card reader fault": SCOPE,
    "Elec lock fault": (*SCOPE, "Dead: the bolt moves freely by hand", "not on a tethered cable"),
    "CP-12V fault": (*SCOPE, "a charger that is not ready", "steady -12 V is state F"),
    "CP fault": (
        "no proof of a bad generator",
        "steady -12 V is state F",
        "CP unplugged at the board",
        "1 kOhm and clamps, practice",
    ),
    "Power sequence fault": ("in a 3x230 V net 230 V", ONE_PHASE),
    "Over temperature": ("Compare only poles with equal current", "a balanced N runs cold"),
    "Emergency button": ("does not isolate", "supply terminals stay live"),
    "Over current": ("up to 5 s to follow a lowered limit (practice)",),
    "Connector fault": ("Type 2", "does not fit Type 1 (about 150 and 480 Ohm, practice)"),
    "Meter data fault": ("never open it",),
    "Door opened": ("live parts may be in reach",),
}

NOT_SAID = {
    "Grounding": ("Live: loop impedance L-PE at the supply", "may trip nothing"),
    "Relay fault": ("Live, charging stopped: L-N and L-PE at the output, each pole",),
    "Output short circuit": ("Unplug the vehicle",),
    "LN reverse fault": ("means swapped", "L-PE should be close to L-N"),
    "Leakage fault": ("Live: leakage clamp",),
    "Elec lock fault": ("no pull on the cable? The bolt moves",),
    "CP fault": ("1 kHz with one,",),
}

IN_DANGER = {
    "Over voltage": PEN,
    "Under voltage": PEN,
    "Grounding": ("No second fault", "off case and vehicle", "independent earth"),
    "Relay fault": ("leaves the output live", *PLUGGED_IN, *SCOPE),
    "Output short circuit": PLUGGED_IN,
    "LN reverse fault": ("leaves the live conductor connected",),
    "Meter comm fault": SCOPE,
    "Card reader fault": SCOPE,
    "Elec lock fault": SCOPE,
    "CP-12V fault": SCOPE,
    "Emergency button": ("does not isolate",),
}
"""The texts that no form of the advice may leave out."""


def advice_on(meaning):
    return next(advice for advice in load_handbook().entries.values() if advice.meaning == meaning)


def whole(advice):
    return " ".join((*advice.electrical, *advice.danger, *advice.measure))


@pytest.mark.parametrize(("meaning", "phrase"), [(meaning, one) for meaning, all_ in SAID.items() for one in all_])
def test_what_the_review_asks_for_is_reported(meaning, phrase):
    assert phrase in whole(advice_on(meaning))


@pytest.mark.parametrize(("meaning", "phrase"), [(meaning, one) for meaning, all_ in NOT_SAID.items() for one in all_])
def test_what_the_review_found_wrong_is_not_reported(meaning, phrase):
    assert phrase not in whole(advice_on(meaning))


@pytest.mark.parametrize(("meaning", "phrase"), [(meaning, one) for meaning, all_ in IN_DANGER.items() for one in all_])
def test_what_can_hurt_somebody_is_a_danger_sentence(meaning, phrase):
    assert phrase in " ".join(advice_on(meaning).danger)


def test_a_loop_test_comes_after_continuity_and_after_the_voltages_of_pe():
    dead, voltages, loop = (
        next(number for number, step in enumerate(advice_on("Grounding").measure) if phrase in step)
        for phrase in ("low-resistance continuity", "N-PE a few volts", "loop impedance")
    )
    assert dead < voltages < loop
    assert "only if steps 2 and 3 are good" in advice_on("Grounding").measure[loop]


@pytest.mark.parametrize(
    "phrase",
    [
        "Qualified persons only",
        "not alone",
        "Dead: all supplies off",
        "solar, control supply",
        "locked",
        "discharge time over",
        "no voltage proven at each pole",
        "vehicle unplugged",
        "Live: all else",
        "PPE",
    ],
)
def test_the_safety_line_defines_what_dead_and_live_are(phrase):
    assert phrase in load_handbook().safety


@pytest.mark.parametrize(
    "phrase",
    ["maker's torque", "discharge after an insulation test", "test PE, insulation and RCD", "return to service"],
)
def test_what_is_to_be_done_afterwards_is_reported(phrase):
    assert phrase in load_handbook().afterwards


@pytest.mark.parametrize("advice", load_handbook().entries.values(), ids=lambda advice: advice.meaning)
def test_every_live_use_of_a_scope_is_with_a_probe_that_is_safe(advice):
    for step in advice.measure:
        if "scope" in step.lower() or "probe" in step:
            assert "isolated probe" in step or "the same probe" in step


@pytest.mark.parametrize("advice", load_handbook().entries.values(), ids=lambda advice: advice.meaning)
def test_an_insulation_test_states_its_voltage_also_for_connected_arresters(advice):
    for step in advice.measure:
        if "insulation resistance" in step:
            assert "500 V DC (250 V where surge arresters stay connected, practice)" in step


def test_practice_is_marked_where_it_is_used():
    assert advice_on("Grounding").uses_practice
    assert not advice_on("Door opened").uses_practice


def test_the_text_of_a_relay_that_sticks_says_to_take_the_output_as_live():
    text = find_line_advice(" inside error test : board warnning RelayAdhesion error ") or ""
    assert "take the output as live until tested" in text
    assert "raises none" in text
    assert "General advice" in text
    assert find_line_advice("pwrCom error Code vol:4,8,9") is None
    assert book(BOOK).lines == {"Adhesion": "Take care."}


def test_the_users_own_name_for_a_row_keeps_its_advice():
    assert find_advice(replace(RELAY, meaning="Schütz klebt")) is find_advice(RELAY)


@pytest.mark.parametrize("change", [{"vendor": 0x300208}, {"vendor": None}, {"stop_reason": "SR_OTHER"}])
def test_another_row_has_none(change):
    assert find_advice(replace(RELAY, **change)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            BOOK.replace('["It."]', '["It."]\ndanger = []'),
            "advice 1: danger = []: must be a list with at least one text",
        ),
        (BOOK.replace('"Care."', "1"), "advice.toml: safety = 1: must be a text"),
        (BOOK.replace("0x100208", '"0x100208"'), "advice.toml: advice 1: vendor = '0x100208'"),
        (BOOK.replace('["It."]', "[]"), "advice 1: electrical = []: must be a list with at least one text"),
        (BOOK.replace('["That."]', '"That."'), "advice 1: measure = 'That.': must be a list with at least one text"),
        (f"{BOOK}\n[[advice]]\n{ENTRY}", "advice 2: vendor = 1049096: must be a code that no other entry"),
    ],
)
def test_what_is_wrong_in_the_file_is_reported_with_its_place(text, message):
    assert book(BOOK).safety == "Care."
    with pytest.raises(DefinitionError) as refused:
        book(text)
    assert message in str(refused.value)
