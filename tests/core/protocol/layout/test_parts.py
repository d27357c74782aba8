"""The size of a row of parts: given these parts and the sizes of their fields, this number of bytes or none."""

import pytest

from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    FramePart,
    ListPart,
    OptionalPart,
    PayloadPart,
    Size,
    SwitchCase,
    SwitchPart,
    find_size,
)
from sniffer.core.wire.link_parts import NumberField

SIZES: tuple[Size, ...] = (1, 2, "rest")
BYTE, WORD, REST = FieldPart(0), FieldPart(1), FieldPart(2)


@pytest.mark.parametrize(
    ("parts", "size"),
    [
        ((BYTE, WORD), 3),
        ((BYTE, REST), None),
        ((BYTE, FieldPart(1, size_from=0)), None),
        ((FramePart(0, NumberField(3, 1)), WORD), 2),
        ((BitsPart("b", 4, "big", ()),), 4),
        ((ListPart("l", ((WORD,),), 5, None, None, is_plain=True),), 10),
        ((ListPart("l", ((WORD,),), None, 0, None, is_plain=True),), None),
        ((SwitchPart(0, (SwitchCase((1,), (WORD,), is_flat=False),), (WORD,)),), 2),
        ((SwitchPart(0, (SwitchCase((1,), (WORD,), is_flat=False),), (BYTE,)),), None),
        ((SwitchPart(0, (SwitchCase((1,), (WORD,), is_flat=False),), None),), None),
        ((OptionalPart((BYTE,)),), None),
    ],
)
def test_parts_have_a_size_if_it_never_varies(parts: tuple[PayloadPart, ...], size: int | None) -> None:
    assert find_size(parts, SIZES) == size
