"""The letters of own states: given these names, these letters."""

import pytest

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import load, packaged_definition, packaged_files
from sniffer.text.state_letters import choose_letters

BOARD = """\
[[link]]
name = "board"
heads = {{ "board>panel" = "5A A5" }}
length = {{ at = 2, size = 1, adds = 4 }}
payload = 3
check = {{ name = "sum" }}

[enumeration.run_state]
label = "run state"
values = [{values}]

[[command]]
direction = "board>panel"
code = 0
name = "state"
summary = "{{run}}"
fields = [{{ name = "run", size = 1, enumeration = "run_state", tells = "status" }}]
"""


def load_states(*names: str) -> Definition:
    """Return a definition with a board that has these states."""
    values = ", ".join(f'{{ number = {number}, name = "{name}" }}' for number, name in enumerate(names))
    return load(packaged_files(), [("board.toml", BOARD.format(values=values))])


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (("free", "occupied", "charging", "blocked"), "FOCB"),
        (("stop", "start", "standby"), "STA"),
        (("a", "aa", "1"), "AB1"),
        (("läuft", "ß", "停"), "LSA"),
    ],
)
def test_a_state_has_a_letter_of_its_name_that_no_other_state_has(names: tuple[str, ...], letters: str) -> None:
    assert choose_letters(load_states(*names)) == dict(zip(names, letters, strict=True))


def test_a_state_with_the_name_of_a_status_has_its_letter() -> None:
    assert choose_letters(load_states("free", "Charging")) == {"free": "F"}


def test_states_beyond_the_letters_have_none() -> None:
    letters = choose_letters(load_states(*(f"state {number}" for number in range(40))))
    assert len({*letters.values()}) == len(letters) == 36


def test_the_charger_has_no_states_of_another_board() -> None:
    assert choose_letters(packaged_definition()) == {}
