"""Near codes and names: the likely slip comes first, and near is never shown as equal."""

from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.text.faults.near_codes import (
    FARTHEST,
    describe_unknown_codes,
    describe_unknown_name,
    describe_unknown_number,
    find_nearest_names,
)
from tests.core.protocol.helpers import DEFINITION


def test_vendor_codes_with_another_leading_digit_come_first_the_nearest_of_them_ahead() -> None:
    lines = [*describe_unknown_codes(FaultCodes(vendor=0x300206), DEFINITION)]
    assert lines[:3] == [
        "  vendor error code 0x300206 is not known; nearest, but not the same:",
        "    0x200206 Over voltage: differs in the leading digit only",
        "    0x100206 Grounding: differs in the leading digit only",
    ]


def test_one_wrong_digit_comes_before_distance() -> None:
    lines = [*describe_unknown_codes(FaultCodes(vendor=0x100216), DEFINITION)]
    assert all("differs in one digit" in line for line in lines[1:])
    assert 1 < len(lines) <= 4


def test_distance_counts_only_if_no_digit_slip_fits() -> None:
    lines = [*describe_unknown_codes(FaultCodes(vendor=0x100244), DEFINITION)]
    assert len(lines) == 4
    assert lines[1].endswith(f"{0x100244 - 0x100233} away")


def test_codes_far_away_are_not_near() -> None:
    for number in (0x00000A, 0x555555, 0x200308 + 1):
        code = f"0x{number:06X}"
        assert [*describe_unknown_codes(FaultCodes(vendor=number), DEFINITION)] == [
            f"  vendor error code {code} is not known; no known code is near it"
        ]
    assert len([*describe_unknown_codes(FaultCodes(vendor=0x200208 + FARTHEST), DEFINITION)]) > 1


def test_known_codes_have_no_lines() -> None:
    assert [*describe_unknown_codes(FaultCodes(vendor=0x100206, ocpp=2, m4=4), DEFINITION)] == []


def test_unknown_ocpp_and_m4_codes_list_what_is_known() -> None:
    assert [*describe_unknown_codes(FaultCodes(ocpp=16), DEFINITION)] == [
        "  OCPP error code 16 is not known: the list ends at 15 WeakSignal"
    ]
    assert [*describe_unknown_codes(FaultCodes(m4=9), DEFINITION)] == [
        "  M4 error code 9 is not known; the only known: 4 Under voltage (documented)",
        "    `evse-sniff learn` can recover others from logs",
    ]


def test_small_number_is_an_ocpp_or_m4_code_and_a_large_one_a_vendor_code() -> None:
    assert [line[:17] for line in describe_unknown_number([255], DEFINITION)][:2] == [
        "  OCPP error code",
        "  M4 error code 2",
    ]
    assert next(describe_unknown_number([256], DEFINITION)).startswith("  vendor error code 0x000100 ")


def test_reading_nearest_to_a_vendor_code_counts() -> None:
    lines = [*describe_unknown_number([300206, 0x300206], DEFINITION)]
    assert lines[0].startswith("  vendor error code 0x300206 ")


def test_names_of_all_tables_are_found() -> None:
    for word, name in (
        ("Groundin", "Grounding"),
        ("weaksignl", "WeakSignal"),
        ("Chargin", "Charging"),
        ("SR_RELAI", "SR_RELAY"),
    ):
        assert find_nearest_names(word, DEFINITION)[0] == name
    assert find_nearest_names("xyzzy", DEFINITION) == []


def test_a_code_of_mrec_without_a_row_is_called_one() -> None:
    assert describe_unknown_name("cx010", DEFINITION).startswith(
        "cx010: a code of ChargeX MREC that no fault of the error table has; known are CX001, CX002,"
    )
