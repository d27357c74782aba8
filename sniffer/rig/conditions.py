"""What is asked for in Python's words, as a filter: one language decides what fits, and refuses what there is not."""

from collections.abc import Mapping

from sniffer.base.errors import QueryError
from sniffer.filter.compiler import compile_filter
from sniffer.filter.predicates import Filter
from sniffer.filter.vocabulary import Vocabulary

Criteria = Mapping[str, str | int | None]
"""Names of the filter language with their values; None where it does not matter."""


def build_filter(words: Criteria, more: str, vocabulary: Vocabulary) -> Filter:
    """The filter that wants all of these, and `more`, which is one already. With nothing given it wants any record.

    Raises `QueryError`.
    """
    parts = [_equal(name, value) for name, value in words.items() if value is not None]
    if more:
        # By itself first, so that its places are those of the text that was written.
        compile_filter(more, vocabulary)
        parts.append(f"({more})")
    return compile_filter(" and ".join(parts) or "number >= 1", vocabulary)


def check_criteria(words: Criteria, vocabulary: Vocabulary) -> None:
    """Refuse what is no such thing, with what is near. Raises `QueryError`."""
    if all(value is None for value in words.values()):
        names = ", ".join(f"{name}=" for name in words)
        raise QueryError(f"nothing to wait for: give at least one of {names}", 0, 0)
    build_filter(words, "", vocabulary)


def _equal(name: str, value: str | int) -> str:
    if isinstance(value, int):
        # A number is one of the wire's, whatever digits a filter would take it for.
        return f"{name} == 0x{value:x}" if value >= 0 else f'{name} == "{value}"'
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} == "{escaped}"'
