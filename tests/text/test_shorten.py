"""Shorter summaries: the same facts in fewer characters, and only where there is no room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.text.shorten import shorten_summary

PHASES = "L1 227.57 V, L2 228.75 V, L3 229.79 V"
STATUS = "connector 1 Finishing, NoError, M4 0, CP 9 V, board 38 °C, connector 30 °C"
FAULTED = "connector 1 Faulted, UnderVoltage, M4 4, CP 9 V, board 38 °C, connector 30 °C"
METER = "connector 1: 223710 Wh, 228.6 V, 0.01 A, 34 °C  (answers #29 after 6.5 ms)"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        (PHASES, 37, PHASES),
        (PHASES, 36, "L1 228, L2 229, L3 230 V"),
        (STATUS, 80, STATUS),
        (STATUS, 71, "connector 1 Finishing, NoError, M4 0, CP 9 V, board 38, connector 30 °C"),
        (STATUS, 70, "C1 Finishing, NoError, M4 0, CP 9 V, board 38, connector 30 °C"),
        (STATUS, 31, "C1 Finishing, CP 9 V, board 38, connector 30 °C"),
        (FAULTED, 31, "C1 Faulted, UnderVoltage, M4 4, CP 9 V, board 38, connector 30 °C"),
        (METER, 40, "C1: 223710 Wh, 229 V, 0.01 A, 34 °C  (answers #29 after 6.5 ms)"),
        ("L1 0 V, L2 -0.55 V, L3 9.96 V", 10, "L1 0, L2 -0.55, L3 9.96 V"),
        ("charge point 10427240, not accepted", 10, "charge point 10427240, not accepted"),
        ("", 0, ""),
    ],
)
def test_a_summary_is_shortened_to_the_width(text: str, width: int, shown: str) -> None:
    assert shorten_summary(text, width) == shown


@given(st.text(st.sampled_from("L1 2.5V,AconectrNoErM40°C"), max_size=60), st.integers(0, 80))
def test_no_text_becomes_longer(text: str, width: int) -> None:
    shown = shorten_summary(text, width)
    assert len(shown) <= len(text)
    assert shown == text or len(text) > width
