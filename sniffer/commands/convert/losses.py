"""The parts of records that a conversion loses: counted while it runs, and reported in one line."""

from collections import Counter

from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.losses import RecordPart
from sniffer.formats.registry import Format


class Losses:
    """A counter of the parts that a format drops. `records` is how many records were counted."""

    def __init__(self, target: Format, origin: Origin) -> None:
        self.records = 0
        self._target = target
        self._origin = origin
        self._counts: Counter[RecordPart] = Counter()

    def add(self, entry: RecordEntry) -> None:
        """Count the parts of this record that are lost."""
        self.records += 1
        for part in self._target.drops:
            if count := part.count_in(entry, self._origin):
                self._counts[part] += count

    def format(self) -> str:
        """Return the losses as one line, empty if nothing was lost."""
        lost = [part.format_count(self._counts[part]) for part in self._target.drops if part in self._counts]
        return f"not held by {self._target.ending}: {', '.join(lost)}" if lost else ""
