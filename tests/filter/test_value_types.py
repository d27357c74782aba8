"""The types of values: what each accepts, which operators it has, and the errors of the others."""

import pytest

from sniffer.base.errors import QueryError
from sniffer.filter.tokens import Word
from sniffer.filter.value_types import (
    BytesType,
    ChoiceType,
    CodeType,
    DigitsType,
    DirectionType,
    NumberType,
    TextType,
    ValueType,
    parse_hex_number,
    parse_number,
)
from tests.filter.helpers import error_of


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("status == Fualted", "`Fualted` is no status: did you mean Faulted?", "Fualted"),
        ("status < Faulted", "`<` compares numbers, and `Faulted` is none", "Faulted"),
        ("l1_voltage == 210V", "`210V` is not a number in V", "210V"),
        ("l1_voltage ~ 2", "`~` does not go with `l1_voltage`, which is a number in V: == != < <= > >= do", "2"),
        ("dir > 1", "`>` does not go with `dir`, which is a direction: == != ~ do", "1"),
        ("dir pwr", "`pwr` is not a direction: did you mean pwr>com or com>pwr?", "pwr"),
        ("noise bad", "`bad` is not a reason of noise: choose one of crc, truncated, garbage", "bad"),
        (
            "event fault_rised",
            "`fault_rised` is not an event: did you mean fault_raised, fault_cleared or fault_changed?",
            "fault_rised",
        ),
        ("name foo", "`foo` is not a known name", "foo"),
        ("seq 12345", "`12345` is not a number of 4 hexadecimal digits", "12345"),
        ("raw == 1", "`1` is not bytes in hexadecimal, two digits each", "1"),
        ("raw < 11", "`<` does not go with `raw`, which is bytes in hexadecimal: == != ~ do", "11"),
        ("unknown_3 == zz", "`zz` is not bytes in hexadecimal", "zz"),
        ("number == nan", "`nan` is not a number", "nan"),
        ("number == 1_0", "`1_0` is not a number", "1_0"),
        ("number == 1e999", "`1e999` is not a number", "1e999"),
        ("number == " + "9" * 5000, f"`{'9' * 40}…` is not a number", "9" * 5000),
    ],
)
def test_a_value_that_does_not_fit_is_refused(text: str, message: str, place: str) -> None:
    error, marked = error_of(text)
    assert message in error
    assert marked == place


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("0", 0), ("-12", -12), ("+7", 7), ("1.5", 1.5), ("1e3", 1000.0), ("0x1F", 31), ("0X1f", 31)],
        *[("", None), ("x", None), ("0x", None), ("1_0", None), ("inf", None), ("nan", None), ("1e999", None)],
        *[("٣", None), ("0x1g", None), ("--1", None), ("9" * 5000, None)],
    ],
)
def test_a_number_is_decimal_or_hexadecimal(text: str, number: float | None) -> None:
    assert parse_number(text) == number
    assert type(parse_number(text)) is type(number)


@pytest.mark.parametrize(
    ("text", "number"), [("1F", 31), ("0x1f", 31), ("", None), ("0x", None), ("g", None), ("+1", None)]
)
def test_digits_are_a_hexadecimal_number_or_none(text: str, number: int | None) -> None:
    assert parse_hex_number(text) == number


def fits(value_type: ValueType, operator: str, word: str, value: object) -> bool:
    return value_type.build_predicate(operator, Word(word, 0, len(word)))(value)


@pytest.mark.parametrize(
    ("operator", "results"),
    [
        *[("==", [False, True, False]), ("<", [True, False, False]), ("<=", [True, True, False])],
        *[(">", [False, False, True]), (">=", [False, True, True])],
    ],
)
def test_numbers_are_compared(operator: str, results: list[bool]) -> None:
    assert [fits(NumberType(), operator, "2", value) for value in (1, 2, 3)] == results
    assert [fits(DigitsType(4), operator, "0010", value) for value in (15, 16, 17)] == results


def test_digits_have_a_largest_number() -> None:
    assert fits(DigitsType(2), "==", "FF", 255)
    with pytest.raises(QueryError):
        DigitsType(2).build_predicate("==", Word("100", 0, 3))


def test_a_code_contains_what_is_shown_of_it() -> None:
    assert fits(CodeType("0x{:06X}".format), "~", "0X2002", 0x200208)
    assert not fits(CodeType("0x{:06X}".format), "~", "0209", 0x200208)
    assert fits(CodeType("0x{:06X}".format), "==", "2097672", 0x200208)


def test_a_direction_has_an_arrow_of_any_kind() -> None:
    direction = DirectionType("a direction", ["com>pwr", "pwr>com"])
    assert fits(direction, "==", "pwr←com", "com>pwr")
    assert fits(direction, "~", "com->pwr", "com>pwr")
    with pytest.raises(QueryError, match="`com>com` is not a direction"):
        direction.build_predicate("==", Word("com→com", 0, 7))


def test_texts_and_bytes_are_equal_or_contain() -> None:
    assert fits(TextType(), "==", "ABC", "abc")
    assert not fits(TextType(), "==", "ab", "abc")
    assert fits(TextType(), "~", "B", "abc")
    assert fits(BytesType(), "==", "0xDD 01", b"\xdd\1")
    assert fits(BytesType(), "~", "01", b"\xdd\1")
    assert not fits(BytesType(), "==", "01", b"\xdd\1")


def test_a_choice_is_one_of_its_options_or_an_allowed_text() -> None:
    choice = ChoiceType("a choice", ["One", "Two", "One"], lambda text: text == "other")
    assert choice.options == ("One", "Two")
    assert fits(choice, "==", "one", "One")
    assert fits(choice, "==", "other", "Other")
    assert fits(choice, "~", "w", "Two")
    with pytest.raises(QueryError, match=r"`three` is not a choice: choose one of One, Two"):
        choice.build_predicate("==", Word("three", 0, 5))
