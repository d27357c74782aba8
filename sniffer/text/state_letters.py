"""The letters of the states that a definition of another board has, for narrow spans of a timeline.

In: a definition. Out: a letter for each of its own states. The letters of the charger's statuses are in the tables of
the screen and of the report, which an own state of the same name shares.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from string import ascii_uppercase, digits

from sniffer.core.protocol.definition import Definition

_LETTERS = ascii_uppercase + digits


def choose_letters(definition: Definition, packaged: Collection[str] = ()) -> Mapping[str, str]:
    """Return the letter of each state that a board of the definition has. States named `packaged` have theirs already.

    A state has the first letter of its name that no other state has, else any that is left. After the 36 letters and
    digits, further states have none.
    """
    found: dict[str, str] = {}
    for state in _list_states(definition):
        if state not in packaged:
            wanted = (char for char in chain(state.upper(), _LETTERS) if char in _LETTERS)
            if letter := next((char for char in wanted if char not in found.values()), None):
                found[state] = letter
    return found


def _list_states(definition: Definition) -> Iterable[str]:
    """Return the names of the states of all machines that are not the charger's, each once and in order."""
    machines = definition.list_machines()
    return dict.fromkeys(name for machine in machines for name in machine.names.values())
