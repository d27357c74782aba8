"""The values that all copies of a charger share, because they never change."""

from sniffer.core.charger.fault_codes import NO_CODES
from sniffer.core.protocol.definition import Definition


def find_shared_values(definition: Definition) -> dict[int, object]:
    """Return the objects that copies of a charger share, by identity, in the form that `copy.deepcopy` takes."""
    values = (
        definition,
        definition.errors,
        definition.transitions,
        *definition.exchanges,
        *definition.commands,
        *definition.lines,
        definition.links,
        *definition.links.all_routes,
        NO_CODES,
    )
    return {id(value): value for value in values}
