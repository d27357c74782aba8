"""All names that a filter can use: those of records, and those of the definition's fields.

Where a field is called like something that records have, the record's name holds, and the field is asked for as
`field.NAME`. Any other field can be asked for so as well.
"""

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import UNDEFINED
from sniffer.filter.attribute import Attribute
from sniffer.filter.field_attributes import field_attributes
from sniffer.filter.record_attributes import record_attributes
from sniffer.filter.time_values import Zone

FIELD_PREFIX = "field."
"""What stands before the name of a field where a record's name is called the same."""


class Vocabulary:
    """The names for the records of one definition. `zone` gives that of the session's times, whenever it is asked.

    `names` are those that are offered to people, in order; `values` those that can be compared with, in lower case.
    """

    def __init__(self, definition: Definition, zone: Zone) -> None:
        self.definition = definition
        own: dict[str, Attribute] = {**record_attributes(definition, zone)}
        fields: dict[str, Attribute] = {**field_attributes(definition)}
        self._own = frozenset(own)
        self.names = (*own, *map(self.name_of_field, fields))
        self._names = {**{f"{FIELD_PREFIX}{name}": found for name, found in fields.items()}, **fields, **own}
        self._by_case = {name.casefold(): found for name, found in reversed(self._names.items())}
        known = (found.value_type.options for found in self._names.values())
        self.values = frozenset(option.casefold() for options in known for option in options)

    def find(self, name: str) -> Attribute | None:
        """The name that is written so, in any case of letters unless two names differ in that alone."""
        return self._names.get(name) or self._by_case.get(name.casefold())

    def name_of_field(self, field: str) -> str:
        """What a filter calls a field of the definition."""
        return f"{FIELD_PREFIX}{field}" if field in self._own and field != UNDEFINED else field
