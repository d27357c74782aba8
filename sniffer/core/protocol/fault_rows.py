"""The rows by which codes of faults are named: those of the error table, and the names of fields that tell a fault.

In: a definition. Out: rows of its error table.
"""

from collections.abc import Iterator

from sniffer.core.protocol.conversions import Named
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Enumeration, Provenance


def list_fault_rows(definition: Definition) -> tuple[ErrorRow, ...]:
    """Return the rows that the boards whose frames are looked for share.

    Those of the charger are left out where only the links of other boards are looked for. Codes that no row has are
    named by the enumeration of the field that tells them.
    """
    is_charger = definition.is_charger
    rows = tuple(row for row in definition.errors if is_charger or row.provenance is Provenance.USER)
    known = {0, *(row.vendor for row in rows)}
    named = {
        number: ErrorRow(number, "", name, names.provenance.get(number, Provenance.USER), None, None, {})
        for names in _list_names(definition)
        for number, name in names.names.items()
        if number not in known
    }
    return (*rows, *named.values())


def _list_names(definition: Definition) -> Iterator[Enumeration]:
    """Yield the enumerations of the fields that tell a vendor error code, on the links that are looked for."""
    for command in definition.commands:
        for field in command.fields if command.route.link.name in definition.links.framed else ():
            if field.tells == "vendor_error" and isinstance(field.conversion, Named):
                yield field.conversion.enumeration
