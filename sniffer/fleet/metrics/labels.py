"""The labels of metrics: safe text, and bounded in number whatever the wire carries.

Prometheus keeps a series for each combination of labels, for weeks. So a value from the wire is a label only if the
definition knows it; all others share one label.
"""

from collections.abc import Collection, Mapping

from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.wire.link import Route
from sniffer.fleet.metrics.sample import CommandKey

OTHER = "other"
"""The label of all that has no label of its own."""

MEANINGS_KEPT = 64
"""The number of meanings of faults with labels of their own: a code can have several, and so many combinations.
"""

CONNECTORS_KEPT = 16
"""The number of connectors with labels of their own, the lowest ones. A status report may name any number."""


def command_key(command: Command) -> CommandKey:
    """Return the labels of a command of the definition."""
    return _build_key(command.route, command.route.link.code_text(command.code), command.name)


def other_key(route: Route) -> CommandKey:
    """Return the labels that all other commands of a route share."""
    return _build_key(route, OTHER, OTHER)


def keys_by_code(definition: Definition) -> Mapping[tuple[Route, int], CommandKey]:
    """Return the labels of each command of the definition, by route and code."""
    return {(command.route, command.code): command_key(command) for command in definition.commands}


def choose_meaning(meaning: str, known: Collection[str]) -> str:
    """Return the label of the meaning of a fault. `known` are the labels so far."""
    label = printable(meaning)
    return label if label in known or len(known) < MEANINGS_KEPT else OTHER


def _build_key(route: Route, code: str, name: str) -> CommandKey:
    return printable(route.link.name), printable(route.direction or "unknown"), code, printable(name)
