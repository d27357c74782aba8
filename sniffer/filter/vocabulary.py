"""All names that a filter can use: those of records, and those of the definition's fields.

If a field is called like something that records have, the name means the latter, and the field is written as
`field.NAME`. Any other field can be written so as well.
"""

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import UNDEFINED
from sniffer.filter.attribute import Attribute
from sniffer.filter.field_attributes import field_attributes
from sniffer.filter.parser import PACKAGED_SIDES
from sniffer.filter.record_attributes import record_attributes
from sniffer.filter.time_values import Zone

FIELD_PREFIX = "field."
"""The prefix that distinguishes the name of a field from a record's attribute of the same name."""


FIELD_ALIASES = {"meter_energy": "energy"}
"""Other names of fields, which a field of that name takes precedence over."""


class Vocabulary:
    """The names for the records of one definition.

    `zone` returns the time zone of the session's times whenever it is called. `sides` are the names in directions.
    `names` holds the names that are offered to the user, in order; `values` holds all values with a name, in lower
    case.
    """

    def __init__(self, definition: Definition, zone: Zone) -> None:
        self.definition = definition
        ways = (route.direction for route in definition.links.routes if route.direction)
        self.sides = PACKAGED_SIDES.union(*(way.split(">") for way in ways))
        of_records: dict[str, Attribute] = {**record_attributes(definition, zone)}
        of_fields: dict[str, Attribute] = {**field_attributes(definition)}
        self._record_names = frozenset(of_records)
        self.names = (*of_records, *map(self.name_of_field, of_fields))
        prefixed = {f"{FIELD_PREFIX}{name}": attribute for name, attribute in of_fields.items()}
        aliases = {alias: of_fields[name] for alias, name in FIELD_ALIASES.items() if name in of_fields}
        self._attributes = {**aliases, **prefixed, **of_fields, **of_records}
        self._by_lower_case = {name.casefold(): attribute for name, attribute in reversed(self._attributes.items())}
        options = (attribute.value_type.options for attribute in self._attributes.values())
        self.values = frozenset(option.casefold() for several in options for option in several)

    def find(self, name: str) -> Attribute | None:
        """Return the attribute of this name, or None if there is none.

        Upper and lower case make a difference only if two names differ in nothing else.
        """
        return self._attributes.get(name) or self._by_lower_case.get(name.casefold())

    def name_of_field(self, field: str) -> str:
        """Return the name by which a filter refers to a field of the definition."""
        return f"{FIELD_PREFIX}{field}" if field in self._record_names and field != UNDEFINED else field
