"""The message in the border: it goes when the list has changed, but not before it could be read."""

from sniffer.core.protocol.loader import packaged_definition
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, Window
from sniffer.tui.traffic.border_message import MESSAGE_SECONDS, BorderMessage

ROWS = Rows(RecordStore(packaged_definition()))
SELECTION = AllRows(ROWS)


def window(end: int) -> Window:
    return Window(ROWS, SELECTION, 0, end)


def message() -> BorderMessage:
    """Return a message of second 10 about five rows."""
    given = BorderMessage()
    given.set("no fault after #5", window(5), 10.0)
    return given


def test_message_about_a_list_that_stands_still_stays() -> None:
    assert not message().is_outdated(window(5), 1000.0)


def test_rows_that_arrive_end_a_message_that_could_be_read() -> None:
    assert not message().is_outdated(window(6), 10.0 + MESSAGE_SECONDS)
    assert message().is_outdated(window(6), 10.1 + MESSAGE_SECONDS)
    assert message().is_new(10.0 + MESSAGE_SECONDS)
    assert not message().is_new(10.1 + MESSAGE_SECONDS)


def test_another_selection_of_rows_ends_a_message_at_once() -> None:
    assert message().is_outdated(Window(ROWS, AllRows(ROWS), 0, 5), 10.0)


def test_no_message_is_never_outdated() -> None:
    assert not BorderMessage().is_outdated(window(5), 1000.0)
    assert not message().is_outdated(None, 1000.0)


def test_message_from_before_the_first_list_can_be_read() -> None:
    early = BorderMessage()
    early.set("nothing to copy yet", None, 10.0)
    assert not early.is_outdated(window(0), 11.0)
    assert early.is_outdated(window(0), 10.1 + MESSAGE_SECONDS)
