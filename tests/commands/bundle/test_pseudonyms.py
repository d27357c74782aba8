"""One placeholder for each identifier, wherever and however it is written."""

import pytest

from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.commands.bundle.pseudonyms import Pseudonyms, is_found_anywhere


def pseudonyms(**identifiers: IdentifierKind) -> Pseudonyms:
    made = Pseudonyms()
    for original, kind in identifiers.items():
        made.add(original.removeprefix("_"), kind)
    made.assign()
    return made


ID = pseudonyms(
    _10427240=IdentifierKind.CHARGE_POINT,
    AB12CD=IdentifierKind.CARD,
    jane=IdentifierKind.USER,
    _1000=IdentifierKind.CHARGE_POINT,
)


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("cp 10427240!", "cp CP000001!"),
        ("x10427240y", "xCP000001y"),
        ("tag ab12cd and AB12CD", "tag CARD01 and CARD01"),
        ("jane and janet", "USER-1 and janet"),
        ("31 30 34 32 37 32 34 30", "43 50 30 30 30 30 30 31"),
        ("3130343237323430", "4350303030303031"),
        ("61:62:31:32:43:44", "43:41:52:44:30:31"),
        ("31,30, 34 0x32 0x37,0x32,0x34,0x30", "43,50, 30 0x30 0x30,0x30,0x30,0x31"),
        (r"\x31\x30\x34\x32\x37\x32\x34\x30", r"\x43\x50\x30\x30\x30\x30\x30\x31"),
        (r"\u006a\u0061\u006e\u0065", r"\u0055\u0053\u0045\u0052"),
        ("%6A%61%6E%65", "%55%53%45%52"),
        ("1000 ms, meterval:1000", "1000 ms, meterval:1000"),
        ("nothing", "nothing"),
    ],
)
def test_an_identifier_is_replaced_wherever_it_stands_in_a_text(text: str, replaced: str) -> None:
    assert ID.replace_anywhere(text) == replaced


def test_bytes_keep_their_number() -> None:
    assert ID.replace_bytes(b"\0" + b"10427240jane\xff1000") == b"\0CP000001USER\xffCP01"


def test_bytes_in_utf_16() -> None:
    before, after = (text.encode("utf-16-le") for text in ("(Jane10427240)", "(USERCP000001)"))
    assert ID.find_left(before) == ["10427240", "Jane"]
    assert ID.replace_bytes(before) == after
    assert ID.find_left(after) == []


def test_a_name_with_an_umlaut() -> None:
    made = pseudonyms(MÜLLER88=IdentifierKind.CARD)
    assert made.replace_anywhere("müller88, 4d c3 9c 4c 4c 45 52 38 38") == "CARD0001, 43 41 52 44 30 30 30 31 2D"
    assert made.find_left("MÜLLER88".encode()) == ["MÜLLER88"]


def test_identifiers_that_are_cut_off_in_noise() -> None:
    assert ID.replace_pieces(b"7240\xff" + b"104") == b"0001\xffCP0"
    assert ID.replace_pieces(b"\0\0") == b"\0\0"


def test_what_was_not_collected_stays() -> None:
    assert ID.replace("x") == "x"


def test_placeholders_differ_and_hold_no_identifier() -> None:
    made = Pseudonyms()
    originals = ["CP000001", "00000002", *(f"{number:08}" for number in range(500, 900))]
    for original in originals:
        made.add(original, IdentifierKind.CHARGE_POINT)
    made.assign()
    placeholders = [made.replace(original) for original in originals]
    assert len(set(placeholders)) == len(placeholders)
    assert all(len(placeholder) == 8 for placeholder in placeholders)
    assert not any(original in placeholder for original in originals for placeholder in placeholders)


def test_short_identifiers_have_placeholders_too() -> None:
    made = Pseudonyms()
    originals = [f"{number:02}" for number in range(1, 100)] + ["7"]
    for original in originals:
        made.add(original, IdentifierKind.CARD)
    made.assign()
    assert {len(made.replace(original)) for original in originals[:-1]} == {2}
    assert made.replace("7") == "X"


def test_bytes_in_hexadecimal_stay_hexadecimal() -> None:
    made = Pseudonyms()
    made.add("04A1B2C3", IdentifierKind.CARD)
    made.add("04a1b2c3", IdentifierKind.CARD, is_hex=True)
    made.assign()
    assert made.replace("04A1B2C3") == "00000001"


def test_zeros_and_fillings_identify_nothing() -> None:
    assert (
        pseudonyms(_00000000=IdentifierKind.SERIAL, FFFFFF=IdentifierKind.CARD).replace_anywhere("00000000 FFFFFF")
        == "00000000 FFFFFF"
    )


def test_only_what_was_replaced_is_listed() -> None:
    made = pseudonyms(AB12CD=IdentifierKind.CARD, CP77=IdentifierKind.CHARGE_POINT, jane=IdentifierKind.USER)
    made.replace_anywhere("AB12CD, ab12cd, cp77")
    assert [(one.original, one.placeholder) for one in made.list_all()] == [("CP77", "CP01"), ("AB12CD", "CARD01")]
    assert (made.counts["ab12cd"], made.counts["cp77"]) == (2, 1)


def test_what_is_left_in_a_file_is_found() -> None:
    assert ID.find_left(b"\xff 10427240 \0 31 30 34 32 37 32 34 30 CP000001") == ["10427240", "31 30 34 32 37 32 34 30"]
    assert ID.find_left(b"CP000001 1000") == []


@pytest.mark.parametrize(("key", "expected"), [("abc", False), ("ab1c", True), ("12345", False), ("123456", True)])
def test_short_ones_are_replaced_in_their_place_only(key: str, expected: bool) -> None:
    assert is_found_anywhere(key) is expected
