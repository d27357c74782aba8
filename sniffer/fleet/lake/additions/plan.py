"""Plan which sessions to add: those that are not in the lake, each once, and of a file that grows the longest.

In: the sessions found in the captures, and what is in the lake. Out: for each capture file the sessions to add, and
those of the lake that they have outgrown. A recording that still grows is another content each time it is added; it is
recognised by its beginning, and its earlier part is compared with the shorter session.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from sniffer.fleet.lake.additions.capture_list import CaptureFile
from sniffer.fleet.lake.additions.content_name import HEAD_DIGITS, ContentName, list_earlier_names
from sniffer.fleet.lake.additions.ingest import FoundSessions
from sniffer.fleet.lake.store import LakeListing, Partition


@dataclass(slots=True)
class AddPlan:
    """The sessions to add, and those of the lake that each replaces, by capture file and path in it.

    `known` counts the sessions that are not to be added: they are in the lake, or in another file.
    """

    sessions: dict[CaptureFile, dict[str, ContentName]] = field(default_factory=dict)
    replaces: dict[CaptureFile, dict[str, dict[str, Partition]]] = field(default_factory=dict)
    known: int = 0


class _Candidate(Struct, frozen=True):
    """A session that may have to be added."""

    capture: CaptureFile
    member: str
    content: ContentName

    def list_earlier_names(self, sizes: Iterable[int]) -> set[str]:
        """Return the names of its content when it had these sizes."""
        wanted = {size for size in sizes if size < self.content.size}
        return list_earlier_names(dict(self.capture.list_files())[self.member], wanted) if wanted else set()


def plan_additions(
    found: Iterable[FoundSessions],
    listing: LakeListing,
    read_sizes: Callable[[Mapping[str, Partition]], Mapping[str, int]],
) -> AddPlan:
    """Return the sessions to be added. `read_sizes` returns the sizes of sessions that are in the lake."""
    plan = AddPlan()
    by_name: dict[str, _Candidate] = {}
    for one in sorted(found, key=lambda one: (one.capture.path, one.capture.inside)):
        for session in one.sessions:
            plan.known += session.content.name in by_name
            by_name.setdefault(session.content.name, _Candidate(one.capture, session.member, session.content))
    present = _group_by_head(listing.sessions)
    for candidate in _list_longest(by_name.values(), plan):
        name, content = candidate.content.name, candidate.content
        if name in listing.sessions or name in listing.replaced:
            plan.known += 1
            continue
        plan.sessions.setdefault(candidate.capture, {})[candidate.member] = content
        sizes = read_sizes(present.get(content.head, {}))
        earlier = candidate.list_earlier_names(sizes.values())
        if shorter := {other: listing.sessions[other] for other in sizes if other in earlier}:
            plan.replaces.setdefault(candidate.capture, {})[candidate.member] = shorter
    return plan


def _list_longest(candidates: Iterable[_Candidate], plan: AddPlan) -> list[_Candidate]:
    """Return the candidates without those that another one continues, which are counted as known."""
    groups: dict[str, list[_Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.content.head, []).append(candidate)
    kept = []
    for group in groups.values():
        sizes = [one.content.size for one in group]
        continued = {name for one in group for name in one.list_earlier_names(sizes)} if len(group) > 1 else set()
        kept += [one for one in group if one.content.name not in continued]
        plan.known += sum(one.content.name in continued for one in group)
    return kept


def _group_by_head(sessions: Mapping[str, Partition]) -> dict[str, dict[str, Partition]]:
    """Return the sessions by the parts of their names that stay while a file grows."""
    groups: dict[str, dict[str, Partition]] = {}
    for name, partition in sessions.items():
        groups.setdefault(name[:HEAD_DIGITS], {})[name] = partition
    return groups
