"""The description of the language: its examples are filters, and it names every name and operator, and no other."""

import re
from importlib import resources

import pytest

from sniffer.filter.compiler import parse
from sniffer.filter.record_attributes import properties
from sniffer.filter.value_types import CONTAINS, EQUALITY, ORDERS
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import VOCABULARY
from tests.paths import ROOT

README = (resources.files("sniffer.filter") / "README.md").read_text("utf-8")
MAIN = (ROOT / "README.md").read_text("utf-8")


def section(text, heading):
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text):
    """What stands in backticks in the first column of the tables."""
    return [word for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for word in re.findall(r"`([^`]+)`", row)]


FIRST = re.findall(r"```\n(.*?)```", README, re.DOTALL)[0].splitlines()
VALUES = re.findall(r"`(\w+ (?:==|<|>=|~) [^`]+)`", README.partition("\n## True")[2].replace("NAME", "number"))
SHOWN = first_cells(section(README, "Examples"))
MAIN_SHOWN = re.findall(r"--filter '(.*?)'", section(MAIN, "Filter")) + re.findall(
    r"--filter '(.*?)'", section(README, "Words") + README.partition("\n## ")[0]
)


@pytest.mark.parametrize("text", [*FIRST, *VALUES, *SHOWN, *MAIN_SHOWN, "not status == Faulted", "Faulted", '"statsu"'])
def test_every_example_is_a_filter(text):
    assert parse(text, VOCABULARY)


def test_there_are_examples():
    assert min(map(len, (FIRST, SHOWN))) >= 5
    assert len(VALUES) >= 12
    assert len(MAIN_SHOWN) >= 4


def test_every_name_is_described_and_no_other():
    named = first_cells(section(README, "Names of records"))
    assert sorted(named) == sorted(properties(DEFINITION, lambda: None))


def test_every_operator_is_described_and_no_other():
    operators = section(README, "Words").partition("| operator |")[2]
    assert first_cells(operators) == [*EQUALITY, *ORDERS, CONTAINS]


def test_the_main_readme_names_what_there_is():
    named = first_cells(section(MAIN, "Filter"))
    assert len(named) > 10
    assert all(VOCABULARY.find(name) for name in named)
