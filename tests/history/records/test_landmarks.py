"""The landmarks of a record: each that one of its events makes it."""

from sniffer.history.records.landmarks import LANDMARK_BITS, LANDMARKS, find_landmarks
from tests.dialogue import dialogue_records


def test_each_landmark_has_a_bit_of_its_own() -> None:
    assert [*LANDMARK_BITS] == [*LANDMARKS]
    assert len({*LANDMARK_BITS.values()}) == len(LANDMARKS)
    assert all(bit.bit_count() == 1 for bit in LANDMARK_BITS.values())


def test_a_record_has_the_landmarks_of_its_events() -> None:
    found = {record.number: bits for record in dialogue_records() if (bits := find_landmarks(record.events))}
    assert found == {10: LANDMARK_BITS["move"], 11: LANDMARK_BITS["contradiction"]}


def test_several_events_make_several_landmarks() -> None:
    events = [event for record in dialogue_records() for event in record.events]
    assert find_landmarks(events) == LANDMARK_BITS["move"] | LANDMARK_BITS["contradiction"]
