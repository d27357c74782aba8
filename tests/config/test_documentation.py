"""The documentation: every topic has a title and a line of what it is about, and every link leads somewhere."""

import re
from importlib import resources
from pathlib import Path

import pytest

from sniffer.config.documentation import ORDER, HelpTopic, find_topic, topics

DOCS = Path(str(resources.files("sniffer"))) / "docs"


def test_every_file_is_a_topic() -> None:
    assert {file.stem for file in DOCS.glob("*.md")} == set(ORDER)
    assert [topic.name for topic in topics()] == [*ORDER, "decisions"]


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_a_topic_begins_with_its_title_and_a_summary_of_one_line(topic: HelpTopic) -> None:
    assert re.match(r"# \S.*\n\n\S", topic.text)
    assert 20 < len(topic.about) <= 100
    assert topic.about.endswith(".")


@pytest.mark.parametrize("file", sorted(DOCS.rglob("*.md")), ids=lambda file: file.stem)
def test_every_link_leads_to_a_file_that_is_there(file: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text("utf-8")):
        assert link.startswith("https://") or (file.parent / link).is_file(), link


def test_about_is_the_first_paragraph_in_one_line() -> None:
    assert HelpTopic("x", "# Title\n\nTwo\nlines.\n\nMore.\n").about == "Two lines."


def test_topics_are_found_in_any_case() -> None:
    found = find_topic("Protocol")
    assert found is not None
    assert found.text.startswith("# The protocol\n")
    assert find_topic("protocols") is None


def test_decisions_are_one_topic_in_their_order() -> None:
    found = find_topic("decisions")
    assert found is not None
    numbers = re.findall(r"^# (\d+)\. ", found.text, re.MULTILINE)
    assert [int(number) for number in numbers] == [*range(1, len(numbers) + 1)]
    assert numbers
