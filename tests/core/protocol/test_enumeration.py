"""Enumerations: the name of a number, the number of a name, and the order of provenances."""

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.enumeration import FIRM, Enumeration, Provenance, parse_enumerations

COLORS = Enumeration("color", {0: "Black", 7: "White"}, {}, {})


@pytest.mark.parametrize(("number", "name"), [(0, "Black"), (7, "White"), (8, "8 (unknown)")])
def test_a_number_has_a_name_and_the_name_has_the_number(number: int, name: str) -> None:
    assert COLORS.name_of(number) == name
    assert COLORS.number_of(name) == number


@pytest.mark.parametrize(("name", "number"), [("white", 7), ("BLACK", 0), ("Red", None), ("7", None), ("", None)])
def test_the_case_of_a_name_does_not_matter(name: str, number: int | None) -> None:
    assert COLORS.number_of(name) == number


@pytest.mark.parametrize(("digits", "found"), [(20, True), (21, False)])
def test_a_number_of_more_than_twenty_digits_is_no_unknown_number(digits: int, found: bool) -> None:
    assert (COLORS.number_of("9" * digits + " (unknown)") is not None) == found


@pytest.mark.parametrize("name", ["x8 (unknown)", "8 (unknown) ", "8 unknown"])
def test_an_unknown_number_is_written_exactly_so(name: str) -> None:
    assert COLORS.number_of(name) is None


def test_provenances_are_ordered_from_strong_to_weak() -> None:
    assert [*Provenance] == ["verified", "documented", "inferred", "assumed", "user"]
    assert FIRM == ("verified", "documented", "user")


def parse_moves(*moves: dict[str, object]) -> dict[tuple[str, str], str]:
    values = [{"number": number, "name": name} for number, name in enumerate(("Idle", "Hot"))]
    entry = {"label": "run state", "values": values, "moves": [*moves]}
    file = TomlTable("my.toml", {"enumeration": {"run": entry}})
    return {**parse_enumerations(file, Provenance.USER)["run"].moves}


def test_a_state_machine_has_moves_with_names() -> None:
    moves = parse_moves({"from": "Idle", "to": ["Hot"], "name": "start"}, {"from": "Hot", "to": ["Idle", "Hot"]})
    assert moves == {("Idle", "Hot"): "start", ("Hot", "Idle"): "", ("Hot", "Hot"): ""}
    machine = Enumeration("run state", {0: "Idle", 1: "Hot"}, {}, {}, moves)
    assert machine.transitions == {"Idle": ("Hot",), "Hot": ("Idle", "Hot")}


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ([{"from": "Cold", "to": ["Hot"]}], "moves 1: from = 'Cold': must be one of Idle, Hot"),
        ([{"from": "Idle", "to": ["Cold"]}], "moves 1: to = ['Cold']: must be a list of different ones of Idle, Hot"),
        ([{"from": "Idle", "to": ["Hot"], "by": "x"}], "moves 1: by: no such key here: allowed are from, to, name"),
        (2 * [{"from": "Idle", "to": ["Hot"]}], "moves 2: to = ['Hot']: must be without Hot, as another entry has"),
    ],
)
def test_a_wrong_move_is_refused(moves: list[dict[str, object]], message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_moves(*moves)
    assert str(caught.value).startswith(f"my.toml: enumeration: run: {message}")
