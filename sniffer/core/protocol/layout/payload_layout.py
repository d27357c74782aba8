"""The layout of a payload as a file states it: its fields, and the parts that they are in.

A connector that stands before the payload, where the link has it, is added as a field of the command.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sniffer.core.protocol.conversions import Number
from sniffer.core.protocol.definition import Field
from sniffer.core.protocol.layout.parts import FieldPart, FramePart, PayloadPart
from sniffer.core.wire.link_part_parser import CONNECTOR
from sniffer.core.wire.link_parts import NumberField


class PayloadLayout(NamedTuple):
    """The fields of a command, and the parts that they are in; no parts if they are a row of fields."""

    fields: tuple[Field, ...]
    positions: Mapping[str, int]
    parts: tuple[PayloadPart, ...]
    alternatives: Mapping[str, tuple[int, ...]]
    groups: tuple[str, ...]
    """The names of lists and bits, which a summary may show as a whole."""


def add_connector(layout: PayloadLayout, place: NumberField | None) -> PayloadLayout:
    """Return a layout with a field for the connector, which is at this place of each frame of the link.

    It stays as it is if the place is None, or if a field of the payload says the connector.
    """
    if place is None or CONNECTOR in layout.positions:
        return layout
    position = len(layout.fields)
    about = "the frame says it before its payload"
    field = Field(CONNECTOR, place.size, "uint", Number(), None, None, about, place.order, CONNECTOR)
    parts = layout.parts or tuple(FieldPart(index) for index in range(position))
    return layout._replace(
        fields=(*layout.fields, field),
        positions={**layout.positions, CONNECTOR: position},
        parts=(FramePart(position, place), *parts),
    )
