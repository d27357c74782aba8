"""The requests of one command that are kept until they are old: two generations by sequence, with their answers."""

from collections.abc import Sequence
from itertools import takewhile

from sniffer.base.native import mypyc_attr

KeptFrame = tuple[bytes, int, int | None, int | None]
"""A kept frame: its bytes, the number of its record, its line in a text log, and its time."""

KeptRequest = tuple[bytes, int, int | None, int | None, int | None, int]
"""A kept request: its bytes, number and line, the times when it was sent first and last, and how often it was sent."""


@mypyc_attr(allow_interpreted_subclasses=True)
class KeptRequests:
    """The kept requests of one command: those of the `young` and of the `old` generation, each with its answers.

    All are by sequence. A request is in one generation at the most. `forgotten` counts those that are no longer kept.
    """

    __slots__ = ("answers", "forgotten", "old", "old_answers", "young")

    def __init__(self) -> None:
        self.young: dict[bytes, KeptRequest] = {}
        self.old: dict[bytes, KeptRequest] = {}
        self.answers: dict[bytes, KeptFrame] = {}
        self.old_answers: dict[bytes, KeptFrame] = {}
        self.forgotten = 0

    @property
    def count(self) -> int:
        """The number of requests, those that are no longer kept among them."""
        return self.forgotten + len(self.old) + len(self.young)

    @property
    def waiting(self) -> int:
        """The number of kept requests without an answer."""
        return len(self.young) + len(self.old) - len(self.answers) - len(self.old_answers)

    def list_old_waiting(self) -> Sequence[bytes]:
        """Return the sequences of the older generation that have no answer, in the order of the requests."""
        if len(self.old) == len(self.old_answers):
            return ()
        return [sequence for sequence in self.old if sequence not in self.old_answers]

    def list_waiting_before(self, answered: bytes) -> Sequence[bytes]:
        """Return the sequences without an answer of the requests before this one, in the order of the requests."""
        if not self.waiting:
            return ()
        earlier = takewhile(lambda sequence: sequence != answered, (*self.old, *self.young))
        return [one for one in earlier if one not in self.old_answers and one not in self.answers]

    def age(self) -> None:
        """Forget the older generation; the younger one becomes the older one."""
        self.forgotten += len(self.old)
        self.old, self.young = self.young, {}
        self.old_answers, self.answers = self.answers, {}

    def forget(self, sequence: bytes) -> KeptRequest | None:
        """Forget a request and its answer. Return the request if it had no answer; None otherwise, or without one."""
        request = self.young.pop(sequence, None) or self.old.pop(sequence, None)
        if request is None:
            return None
        self.forgotten += 1
        answer = self.answers.pop(sequence, None) or self.old_answers.pop(sequence, None)
        return None if answer else request
