"""The kept requests of a command: which of them have no answer, and what is left of them when they are old."""

import pytest

from sniffer.core.charger.exchanges.kept_requests import KeptFrame, KeptRequest, KeptRequests

ANSWER: KeptFrame = (b"", 9, None, None)


def request(number: int) -> KeptRequest:
    return b"", number, None, None, None, 1


@pytest.fixture
def requests() -> KeptRequests:
    """Two old requests and three young ones; the second of each has an answer."""
    kept = KeptRequests()
    kept.old = {b"a": request(1), b"b": request(2)}
    kept.old_answers = {b"b": ANSWER}
    kept.young = {b"c": request(3), b"d": request(4), b"e": request(5)}
    kept.answers = {b"d": ANSWER}
    return kept


def test_requests_without_an_answer_are_listed_in_order(requests: KeptRequests) -> None:
    assert (requests.count, requests.waiting) == (5, 3)
    assert requests.list_old_waiting() == [b"a"]
    assert requests.list_waiting_before(b"d") == [b"a", b"c"]
    assert requests.list_waiting_before(b"a") == []


def test_answered_requests_wait_for_nothing() -> None:
    requests = KeptRequests()
    requests.old, requests.old_answers = {b"a": request(1)}, {b"a": ANSWER}
    assert requests.waiting == 0
    assert [*requests.list_old_waiting(), *requests.list_waiting_before(b"z")] == []


def test_the_older_generation_is_forgotten_with_its_answers(requests: KeptRequests) -> None:
    requests.age()
    assert (requests.count, requests.forgotten, requests.waiting) == (5, 2, 2)
    assert requests.list_old_waiting() == [b"c", b"e"]
    requests.age()
    assert (requests.count, requests.forgotten, requests.waiting) == (5, 5, 0)


@pytest.mark.parametrize(
    ("sequence", "found", "waiting"),
    [(b"a", request(1), 2), (b"b", None, 3), (b"d", None, 3), (b"e", request(5), 2)],
)
def test_a_forgotten_request_is_returned_if_it_had_no_answer(
    requests: KeptRequests, sequence: bytes, found: KeptRequest | None, waiting: int
) -> None:
    assert requests.forget(sequence) == found
    assert (requests.count, requests.forgotten, requests.waiting) == (5, 1, waiting)
    assert requests.forget(sequence) is None
    assert requests.forgotten == 1
