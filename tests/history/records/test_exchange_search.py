"""The frames of one exchange are found across both links, near a frame and up to the record that is shown."""

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk
from sniffer.history.records.exchange_search import NEAR, find_exchange
from sniffer.history.records.record_store import RecordStore
from tests.core.protocol.helpers import DEFINITION
from tests.history.helpers import line_at

START = 100 * SECOND + 1

AVAILABILITY = (
    "=>Dbus:FF 6A A6 96 DC 00 08 00 0F 00 01 01 01 F1 12",
    "=>pwrboard:AA 96 DC 0F 02 01 01 6B BF",
    "<=pwrboard:BB 96 DC 0F 03 01 01 00 8C EB",
    "<=Dbus:FF 6A A6 96 DC 00 09 00 0F 00 01 01 01 00 C1 B0",
)
CARD_READER = "=>pwrboard:AA FF FF FF 02 00 FF 85 C0"


def store_of(*lines: tuple[str, int | None]) -> RecordStore:
    """Return the records of these lines, each with its time."""
    store, pipeline = RecordStore(DEFINITION), Pipeline(DEFINITION)
    for text, time in lines:
        store.receive(pipeline.feed(line_at(text, time)))
    return store


def places(store: RecordStore, number: int, until: int | None = None) -> list[tuple[int, int]] | None:
    """Return the hops of the exchange of a record, and the number of the record of each; None if there is none."""
    found = find_exchange(store, number, len(store) if until is None else until, DEFINITION)
    return None if found is None else [(frame.place, frame.number) for frame in found.frames]


def timed(*texts: str, since: int = START) -> list[tuple[str, int | None]]:
    return [(text, since + turn * MILLISECOND) for turn, text in enumerate(texts)]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_frame_leads_to_all_frames_of_its_exchange(number: int) -> None:
    store = store_of(*timed(*AVAILABILITY))
    found = find_exchange(store, number, 4, DEFINITION)
    assert found is not None
    assert found.exchange.name == "availability"
    assert places(store, number) == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_text_log_without_fine_times_has_the_same_exchange() -> None:
    store = store_of(*((text, 5 * SECOND) for text in reversed(AVAILABILITY)))
    assert places(store, 1) == [(0, 4), (1, 3), (2, 2), (3, 1)]
    assert places(store_of(*((text, None) for text in AVAILABILITY)), 2) == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_only_what_was_known_is_found() -> None:
    store = store_of(*timed(*AVAILABILITY))
    assert places(store, 1, until=1) is None
    assert places(store, 1, until=2) == [(0, 1), (1, 2)]
    assert places(store, 2, until=3) == [(0, 1), (1, 2), (2, 3)]


def test_the_same_sequence_at_another_time_is_another_exchange() -> None:
    store = store_of(*timed(*AVAILABILITY), *timed(*AVAILABILITY, since=START + 30 * SECOND))
    assert places(store, 2) == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert places(store, 6) == [(0, 5), (1, 6), (2, 7), (3, 8)]


def test_frames_of_other_exchanges_do_not_count() -> None:
    store = store_of(*timed(AVAILABILITY[0], *[CARD_READER] * (2 * NEAR), AVAILABILITY[1]))
    assert places(store, 1) == [(0, 1), (1, 2 * NEAR + 2)]
    assert places(store, 2) is None


def test_a_line_has_no_exchange_and_neither_has_a_tap_of_one_link() -> None:
    assert places(store_of(("Com boot!", START)), 1) is None
    store, pipeline = RecordStore(DEFINITION), Pipeline(DEFINITION)
    for turn, text in enumerate(AVAILABILITY[1:3]):
        store.receive(pipeline.feed(Chunk(bytes.fromhex(text.partition(":")[2]), START + turn)))
    store.receive(pipeline.flush())
    assert places(store, 1) is None
    assert places(store, 2) is None


def test_at_most_so_many_frames_are_examined() -> None:
    lines = timed(AVAILABILITY[0], *[CARD_READER], *[AVAILABILITY[1]] * (NEAR + 1))
    assert places(store_of(*lines), len(lines)) is None
    assert places(store_of(*lines[:-2]), len(lines) - 2) == [(0, 1), (1, len(lines) - 2)]
