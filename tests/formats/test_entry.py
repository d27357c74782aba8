"""An entry without bytes has a type, and a lost source the reason of the loss."""

import pytest

from sniffer.core.pipeline import SourceItem
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LateCommand,
    LatencyBound,
    LineError,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.formats.entry import find_loss_reason, tap_event_of
from tests.filter.helpers import records


@pytest.mark.parametrize(
    ("item", "event"),
    [
        (TapGap(1, "unplugged"), ("gap", "unplugged")),
        (TapRestored(1, "again"), ("back", "again")),
        (BaudChange(1, 9600, "2 of 2 frames valid"), ("rate", "9600: 2 of 2 frames valid")),
        (BaudChange(1, None, "nothing fits"), ("rate", "undetermined: nothing fits")),
        (TapShared(1, "cat (7)"), ("shared", "cat (7)")),
        (TapLineError(1, LineError.PARITY), ("line_error", "parity")),
        (LatencyBound(1, 16_000_000), ("lateness", "16 ms")),
        (Idle(1, 0, (LateCommand("pwr>com", 1, "status report", 29, 44),)), ("overdue", "status report")),
    ],
)
def test_an_event_of_a_tap_has_a_type_and_a_reason(item: SourceItem, event: tuple[str, str]) -> None:
    assert tap_event_of(records(item)[0]) == event


def test_only_a_lost_source_has_a_loss_reason() -> None:
    noise, lost = records(Chunk(b"\0"))
    assert find_loss_reason(noise) == ""
    assert find_loss_reason(lost) == "unplugged"
    assert find_loss_reason(records(TapRestored(1, "again"))[0]) == ""
