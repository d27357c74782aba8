"""Several handlers of one message: all are called in order, and one of their references is returned."""

import pytest

from sniffer.core.charger.events import Reference
from sniffer.core.charger.handlers import Handler, join_handlers
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_PWR

MESSAGE = Message(Frame(COM_TO_PWR, None, b""), None, ())
RELAYS, RELAYED_BY, OTHER = (
    Reference("relays", 1, None, None),
    Reference("relayed_by", 2, None, None),
    Reference("relays", 3, None, None),
)


def returning(reference: Reference | None, called: list[Reference | None]) -> Handler:
    """Return a handler that notes its call and returns this reference."""

    def handle(message: Message, number: int, line: int | None) -> Reference | None:
        called.append(reference)
        return reference

    return handle


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ([None, None], None),
        ([None, RELAYS], RELAYS),
        ([RELAYS, OTHER], RELAYS),
        ([RELAYED_BY, RELAYS], RELAYS),
        ([RELAYED_BY, None], RELAYED_BY),
        ([RELAYS, RELAYED_BY, OTHER], RELAYS),
    ],
)
def test_all_are_called_and_a_cause_comes_before_what_follows(
    references: list[Reference | None], expected: Reference | None
) -> None:
    called: list[Reference | None] = []
    handler = join_handlers([returning(reference, called) for reference in references])
    assert handler is not None
    assert handler(MESSAGE, 1, None) is expected
    assert called == references


def test_one_handler_stands_for_itself_and_none_for_nothing() -> None:
    one = returning(RELAYS, [])
    assert join_handlers([one]) is one
    assert join_handlers([]) is None
