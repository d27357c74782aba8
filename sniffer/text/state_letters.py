"""The letters of states, for narrow spans of the timelines of the screen and of reports.

The statuses of the charger have those of a table. In: a definition of another board. Out: a letter for each of its own
states; one that has the name of a status has the letter of that status.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from string import ascii_uppercase, digits

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.protocol.definition import Definition

STATUS_LETTERS: Mapping[str, str] = {
    "Available": "A",
    "Preparing": "P",
    "Charging": "C",
    "SuspendedEVSE": "E",
    "SuspendedEV": "V",
    "Finishing": "N",
    "Reserved": "R",
    "Unavailable": "U",
    FAULTED: "!",
}
"""The letter of each status of the charger."""

UNKNOWN_LETTER = "?"
"""The letter of a state without one."""

_LETTERS = ascii_uppercase + digits


def choose_letters(definition: Definition) -> Mapping[str, str]:
    """Return the letter of each state of the definition's boards that has not the name of a status of the charger.

    A state has the first letter of its name that no other state has, else any that is left. After the 36 letters and
    digits, further states have none.
    """
    found: dict[str, str] = {}
    for state in _list_states(definition):
        if state not in STATUS_LETTERS:
            wanted = (char for char in chain(state.upper(), _LETTERS) if char in _LETTERS)
            if letter := next((char for char in wanted if char not in found.values()), None):
                found[state] = letter
    return found


def _list_states(definition: Definition) -> Iterable[str]:
    """Return the names of the states of all machines that are not the charger's, each once and in order."""
    machines = definition.list_machines()
    return dict.fromkeys(name for machine in machines for name in machine.names.values())
