"""The document of the language: its examples are valid, and it lists all names and operators and no others."""

import re
from importlib import resources

import pytest

from sniffer.filter.compiler import compile_filter
from sniffer.filter.record_attributes import record_attributes
from sniffer.filter.value_types import CONTAINS, EQUALITY, ORDERS
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import VOCABULARY

DOCUMENT = (resources.files("sniffer") / "docs" / "filter.md").read_text("utf-8")


def section(text: str, heading: str) -> str:
    """Return the text under this heading."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Return the words in backticks in the first column of the tables."""
    return [word for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for word in re.findall(r"`([^`]+)`", row)]


OPENING = re.findall(r"\n\n```\n(.*?)```", DOCUMENT, re.DOTALL)[0].splitlines()
COMPARISONS = re.findall(r"`(\w+ (?:==|<|>=|~) [^`]+)`", DOCUMENT.partition("\n## True")[2].replace("NAME", "number"))
EXAMPLES = first_cells(section(DOCUMENT, "Examples"))
ON_COMMAND_LINE = re.findall(r"--filter '(.*?)'", DOCUMENT)


@pytest.mark.parametrize(
    "text", [*OPENING, *COMPARISONS, *EXAMPLES, *ON_COMMAND_LINE, "not status == Faulted", "Faulted", '"statsu"']
)
def test_every_example_is_a_filter(text: str) -> None:
    assert compile_filter(text, VOCABULARY)


def test_there_are_examples() -> None:
    assert min(map(len, (OPENING, EXAMPLES))) >= 5
    assert len(COMPARISONS) >= 12
    assert len(ON_COMMAND_LINE) >= 4


def test_every_name_is_described_and_no_other() -> None:
    names = first_cells(section(DOCUMENT, "Names of records"))
    assert sorted(names) == sorted(record_attributes(DEFINITION, lambda: None))


def test_every_operator_is_described_and_no_other() -> None:
    operators = section(DOCUMENT, "Words").partition("| operator |")[2]
    assert first_cells(operators) == [*EQUALITY, *ORDERS, CONTAINS]
