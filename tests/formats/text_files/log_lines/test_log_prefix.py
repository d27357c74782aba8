"""A prefix of another program stands before a line of the charger's log where its own time is missing."""

import pytest

from sniffer.base.times import HOUR, SECOND
from sniffer.formats.text_files.log_lines.log_prefix import PrefixForm, is_timeless_record, split_prefix

FRAME = "<=pwrboard:BB DD"


@pytest.mark.parametrize(
    ("line", "time", "process", "text"),
    [
        (f"[10:00:01] [comproc] {FRAME}", 10 * HOUR + SECOND, "comproc", FRAME),
        (f"10:00:01 -> {FRAME}", 10 * HOUR + SECOND, None, FRAME),
        (f"0001 | RX | {FRAME}", None, None, FRAME),
        ("0001 | RX | [ocpp] CP_INFO", None, "ocpp", "CP_INFO"),
        (f"2023-11-30 00:00:49 evse comproc[7]: {FRAME}", 1_701_302_449 * SECOND, "comproc", FRAME),
        ("2023-11-30 00:00:49 evse ocpp: CP_INFO", 1_701_302_449 * SECOND, "ocpp", "CP_INFO"),
        ("<34>1 2023-11-30T00:00:49Z evse ocpp 7 - - CP_INFO", 1_701_302_449 * SECOND, "ocpp", "CP_INFO"),
        ('<34>1 2023-11-30T00:00:49Z evse ocpp 7 - [a b="c"][d] CP_INFO', 1_701_302_449 * SECOND, "ocpp", "CP_INFO"),
        ("[00:00:02] Com boot!", 2 * SECOND, None, "Com boot!"),
        ("Com boot!", None, None, "Com boot!"),
        ("[UTC time]Network status is:[Connected]!", None, None, "[UTC time]Network status is:[Connected]!"),
    ],
)
def test_the_prefix_gives_what_it_holds(line: str, time: int | None, process: str | None, text: str) -> None:
    found = split_prefix(line)
    assert (found.printed and found.printed.time, found.process, found.text) == (time, process, text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"x {FRAME}", True),
        ("=>Dbus :FF", True),
        ("[comproc] Com boot!", True),
        ("10:00 [ocpp] x", True),
        ("[other] x", False),
        ("Com boot!", False),
        ("<=CSMS:[3]", False),
    ],
)
def test_an_arrow_or_a_known_process_shows_a_record(line: str, expected: bool) -> None:
    assert is_timeless_record(line) is expected


@pytest.mark.parametrize(
    ("prefix", "other"),
    [
        ("[10:00:01.123] ", "[9:59:01.5] "),
        ("Nov 30 10:00:00 host comproc[812]: ", "Dec  1 00:00:00 host comproc[9]: "),
        ("30.11.2026 10:00:00,740 ", "30.11.2026 10:00:01 "),
        ("11/30/2026 9:02:14 AM ", "11/30/2026 10:02:14 PM "),
        ("10:00:00 INFO  [main] c.s.Log - ", "10:00:00 DEBUG [main] c.s.Log - "),
        ("2026-11-30 10:00:00,000 INFO ", "2026-11-30 10:00:01,037 WARN "),
        ("[    0.370000] ", "[   12.500000] "),
        ("> ", "> "),
    ],
)
def test_prefixes_of_one_form_differ_in_numbers_names_and_levels(prefix: str, other: str) -> None:
    form = PrefixForm()
    assert form.remove_from(f"{other}Online=FALSE") == f"{other}Online=FALSE"
    form.set_prefix(prefix)
    assert form.remove_from(f"{other}Online=FALSE") == "Online=FALSE"
    assert form.remove_from(f"{other}  10:00 x") == "  10:00 x"
    assert form.remove_from(other.rstrip()) == ""
    assert form.remove_from("Online=FALSE") == "Online=FALSE"


def test_the_last_prefix_shows_the_form() -> None:
    form = PrefixForm()
    for prefix in ("a: ", "[10:00] ", ""):
        form.set_prefix(prefix)
    assert [form.remove_from(line) for line in ("a: x", "[11:59] x")] == ["a: x", "x"]
