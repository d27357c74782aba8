"""The topics of the documentation, which stand in `sniffer/docs/` as Markdown files."""

from importlib import resources
from itertools import takewhile

from msgspec import Struct

ORDER = (
    *("bench", "screen", "settings", "captures", "json", "json-keys", "filter", "triggers", "definition"),
    *("rigs", "fleet", "protocol", "architecture"),
)
"""The topics in the order in which they are listed: what a technician needs first."""

DECISIONS = "decisions"


class HelpTopic(Struct, frozen=True):
    """One topic. `about` is the first paragraph of its text, in one line."""

    name: str
    text: str

    @property
    def about(self) -> str:
        """The first paragraph under the title."""
        lines = self.text.split("\n")[2:]
        return " ".join(takewhile(bool, lines))


def topics() -> list[HelpTopic]:
    """Return all topics, in the order of the list."""
    folder = resources.files("sniffer") / "docs"
    found = [HelpTopic(name, (folder / f"{name}.md").read_text("utf-8")) for name in ORDER]
    decisions = sorted((folder / DECISIONS).iterdir(), key=lambda file: file.name)
    texts = "\n\n".join(file.read_text("utf-8").rstrip("\n") for file in decisions)
    return [
        *found,
        HelpTopic(DECISIONS, f"# Decisions\n\nWhy the project has code of its own in some places.\n\n{texts}\n"),
    ]


def find_topic(name: str) -> HelpTopic | None:
    """Return the topic of this name, or None if there is none; the case of letters does not matter."""
    return next((topic for topic in topics() if topic.name == name.casefold()), None)
