"""Helpers for the tests of `explain`: the explanation as lines, and the cards at its end."""

from sniffer.commands.explain.explain import explain
from sniffer.core.protocol.definition import Definition
from sniffer.text.faults.fault_card import build_fault_card, format_card, format_short_card
from tests.core.protocol.helpers import DEFINITION

ROWS = {row.meaning: row for row in DEFINITION.errors}
UNDER_VOLTAGE = ["", *format_card(build_fault_card(ROWS["Under voltage"], DEFINITION))]
PAIR = [
    "OCPP and vendor error code  (log line, documented)",
    "  ocpp_error         UnderVoltage           documented",
    "  vendor_error       0x200208               documented",
    "  error table: Under voltage",
]
TRIPLE = [
    "M4 error code, status and CP voltage  (log line, documented)",
    "  m4_error           4                      documented",
    "  status             Faulted                documented",
    "  cp_voltage         9 V                    documented",
    "  error table: Under voltage",
]
VENDOR = ["2097672 = 0x200208", "  as vendor error code  (documented)", "    error table: Under voltage"]
NEAREST_TO_300208 = [
    "  vendor error code 0x300208 is not known; nearest, but not the same:",
    "    0x200208 Under voltage: differs in the leading digit only",
    "    0x100208 Relay fault: differs in the leading digit only",
]


def explained(*words: str, definition: Definition = DEFINITION) -> list[str]:
    """Return the explanation of these words, as lines."""
    return explain(words, definition).splitlines()


def short(*meanings: str) -> list[str]:
    """Return the end of an explanation: the short cards of these rows, and how to get a full card."""
    rows = [ROWS[meaning] for meaning in meanings]
    cards = [line for row in rows for line in ["", *format_short_card(build_fault_card(row, DEFINITION), rows)]]
    return [*cards, "", f"A full card: evse-sniff explain '{meanings[0]}'"]


def squeezed(*words: str, definition: Definition = DEFINITION) -> list[str]:
    """Return the explanation of these words as lines, with single spaces."""
    return [" ".join(line.split()) for line in explained(*words, definition=definition)]
