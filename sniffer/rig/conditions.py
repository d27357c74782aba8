"""Conditions in Python, translated to the filter language, so that one language matches records and refuses errors.

In: keyword arguments such as `status="Charging"`. Out: a `Filter`, or a `QueryError` for an unknown name or value.
"""

from collections.abc import Mapping
from typing import get_args

from sniffer.base.errors import QueryError
from sniffer.base.suggest import format_suggestion
from sniffer.core.charger.startup.registration_events import RegistrationState
from sniffer.filter.compiler import compile_filter
from sniffer.filter.predicates import Filter
from sniffer.filter.vocabulary import Vocabulary

Criteria = Mapping[str, str | int | None]
"""Names of the filter language with the required values; None if any value matches."""


REGISTRATION = "registration"
"""The one criterion without an attribute in the filter language: it is a state of the charger, not of a record."""


def build_filter(criteria: Criteria, expression: str, vocabulary: Vocabulary) -> Filter:
    """Return a filter for the records that match all criteria, and `expression` in the filter language.

    Without criteria and with an empty expression it matches every record. Raises `QueryError`.
    """
    parts = [_format_equal(name, value) for name, value in criteria.items() if value is not None]
    if expression:
        # Parsed by itself first, so that the position of an error is that in the text of the caller.
        compile_filter(expression, vocabulary)
        parts.append(f"({expression})")
    return compile_filter(" and ".join(parts) or "number >= 1", vocabulary)


def check_criteria(criteria: Criteria, vocabulary: Vocabulary) -> None:
    """Raise `QueryError` if there is no criterion, or an unknown name or value; the message suggests similar ones.

    The criteria of the filter language and `REGISTRATION` are known.
    """
    if all(value is None for value in criteria.values()):
        names = ", ".join(f"{name}=" for name in criteria)
        raise QueryError(f"nothing to wait for: give at least one of {names}", 0, 0)
    state = criteria.get(REGISTRATION)
    states = get_args(RegistrationState)
    if state is not None and state not in states:
        raise QueryError(f"`{state}` is no state of the registration{format_suggestion(str(state), states)}", 0, 0)
    build_filter({name: value for name, value in criteria.items() if name != REGISTRATION}, "", vocabulary)


def _format_equal(name: str, value: str | int) -> str:
    """Return the filter in which an attribute equals a value; names and texts are quoted."""
    if isinstance(value, int):
        # A number is a value of the wire. In hexadecimal form the filter cannot read it as anything else.
        return f"{name} == 0x{value:x}" if value >= 0 else f'{name} == "{value}"'
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} == "{escaped}"'
