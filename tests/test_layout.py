"""The layout of the package: sizes, names, and a test file for every module; CONTRIBUTING.md has the rules."""

import ast
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "sniffer"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
FOLDERS = sorted({PACKAGE, *(path.parent for path in PACKAGE.rglob("*.py"))})

MOST_ENTRIES_IN_THE_ROOT = 22
MOST_MODULES_IN_A_FOLDER = 18
MOST_LINES = 350

WITHOUT_OWN_TESTS = {
    "__main__.py": "two lines; every test of the command line runs them",
    "_version.py": "one constant",
    "core/charger/evidence.py": "the base of the events, which tests/core/charger/test_events.py copies",
    "core/charger/startup/registration_events.py": "values: startup/test_registration.py expects each of them",
    "core/charger/tap_events.py": "values: tests/core/charger/test_charger.py expects each of them",
    "rig/pytest_capture.py": "tests/rig/test_pytest_plugin.py keeps captures of tests that fail",
    "rig/pytest_tap.py": "tests/rig/test_pytest_plugin.py runs its fixture",
    "tui/controllers/prompts.py": "test_filtering.py and test_finding.py beside its place type into its prompts",
    "tui/controllers/session_screen.py": "tests/tui/test_app.py runs it in the whole program",
    "tui/panels/panel.py": "the base of the panels, each of which has its tests",
    "tui/timeline/lanes.py": "tests/tui/timeline/test_render.py draws its lanes",
    "tui/timeline/readout.py": "tests/tui/timeline/test_pane.py reads it at the cursor",
    "tui/traffic/growing_list.py": "the base of the traffic list: tests/tui/traffic/test_traffic_list.py scrolls it",
}
"""Modules without a test file of their name, and where they are tested instead."""

UNCLEAR_NAMES = {
    "beats", "inturn", "ahead", "sieve", "steady", "sheet", "asides", "alike", "holding", "telling", "asking", "moving",
    "outgoing", "fitting", "shape", "looks", "told", "heard", "given",
}  # fmt: skip


def types_of(path: Path) -> list[str]:
    """Return the names of the classes and type aliases of a module. `Object` is a JSON object wherever it stands."""
    tree = ast.parse(path.read_text("utf-8"))
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for node in tree.body:
        if isinstance(node, ast.Assign) and not (isinstance(node.value, ast.Call) and "TypeVar" in ast.unparse(node)):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [name for name in names if re.search("[a-z]", name) and name.lstrip("_")[0].isupper() and name != "Object"]


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions and methods of a module, without those inside of functions."""
    tree = ast.parse(path.read_text("utf-8"))
    owners: list[ast.Module | ast.ClassDef] = [tree]
    owners += (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return [node for owner in owners for node in owner.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_the_root_holds_folders() -> None:
    entries = [entry for entry in PACKAGE.iterdir() if entry.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES_IN_THE_ROOT
    assert {entry.name for entry in entries if entry.suffix == ".py"} == {
        "__init__.py",
        "__main__.py",
        "_version.py",
    }


def test_a_folder_is_small() -> None:
    counts = {folder: len({*folder.glob("*.py")} - {folder / "__init__.py"}) for folder in FOLDERS}
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES_IN_A_FOLDER} == {}


def test_a_folder_says_what_it_holds() -> None:
    heads = [folder / "__init__.py" for folder in FOLDERS]
    assert [head for head in heads if not ast.get_docstring(ast.parse(head.read_text("utf-8")))] == []


def test_a_module_is_short() -> None:
    lengths = {module: len((PACKAGE / module).read_text("utf-8").splitlines()) for module in MODULES}
    assert {module: length for module, length in lengths.items() if length > MOST_LINES} == {}


def test_a_module_has_a_clear_name() -> None:
    assert [module for module in MODULES if module.stem in UNCLEAR_NAMES] == []


def test_a_module_has_a_test_file_of_its_name() -> None:
    tests = {module: ROOT / "tests" / module.with_name(f"test_{module.name}") for module in MODULES}
    without = {module.as_posix() for module, test in tests.items() if not test.is_file()}
    assert without == {*WITHOUT_OWN_TESTS}


def test_no_type_name_stands_for_two_things() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        for name in types_of(PACKAGE / module):
            places[name].append(str(module))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_function_that_may_return_none_says_when() -> None:
    silent = [
        (module, function.name)
        for module in MODULES
        for function in functions_of(PACKAGE / module)
        if function.returns
        and ast.unparse(function.returns).endswith(" | None")
        and "None" not in (ast.get_docstring(function) or "")
    ]
    assert silent == []


def test_a_property_says_what_it_holds() -> None:
    docstrings = {
        (module, function.name): ast.get_docstring(function) or ""
        for module in MODULES
        for function in functions_of(PACKAGE / module)
        if any("property" in ast.unparse(decorator) for decorator in function.decorator_list)
    }
    assert [name for name, text in docstrings.items() if text.startswith(("Return ", "Yield "))] == []


def test_the_word_told_is_not_used() -> None:
    # It stands for a dozen plain words: reported, shown, counted, distinguished.
    texts = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".md", ".toml", ".lua", ".tcss")]
    assert [path for path in texts if re.search("told", path.read_text("utf-8"), re.IGNORECASE)] == []


def test_documents_that_are_cited_are_in_the_repository() -> None:
    documents = {path.name for path in ROOT.glob("*.md")} | {path.name for path in (PACKAGE / "docs").rglob("*.md")}
    cited = {
        (str(module), name)
        for module in MODULES
        for name in re.findall(r"\b([\w-]+\.md)\b", (PACKAGE / module).read_text("utf-8"))
        if name not in documents
    }
    assert cited == set()


def test_the_tests_that_ci_names_are_there() -> None:
    # They run on the compiled core: a folder that was moved would end the run after all else has passed.
    named = re.findall(r"(?<= )tests/[\w/*.]+", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert len(named) > 10
    assert [path for path in named if not [*ROOT.glob(path)]] == []


def test_compiled_modules_define_no_structs_with_keywords() -> None:
    # mypyc drops the keywords of a class: a frozen struct could be changed, and had no hash.
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    compiled = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
    assert compiled
    for module in compiled:
        nodes = ast.walk(ast.parse(Path(f"{ROOT}{module}").read_text("utf-8")))
        assert [node.name for node in nodes if isinstance(node, ast.ClassDef) and node.keywords] == [], module


class TestArchitecture:
    """The pictures in architecture.md show the import contracts of pyproject.toml."""

    @pytest.mark.parametrize("container", ["sniffer", "sniffer.core"])
    def test_the_picture_is_the_contract(self, container: str) -> None:
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        (contract,) = (
            contract
            for contract in settings["tool"]["importlinter"]["contracts"]
            if contract.get("containers") == [container]
        )
        assert contract["exhaustive"]
        assert self.layers_shown(container) == [set(layer.split(" | ")) for layer in contract["layers"]]

    def test_every_decision_is_listed(self) -> None:
        text = (PACKAGE / "docs" / "architecture.md").read_text("utf-8")
        decisions = sorted(path.name for path in (PACKAGE / "docs" / "decisions").glob("*.md"))
        assert re.findall(r"^- \[.*\]\(decisions/(.*)\)$", text, re.MULTILINE) == decisions

    def layers_shown(self, container: str) -> list[set[str]]:
        text = (PACKAGE / "docs" / "architecture.md").read_text("utf-8")
        picture = re.findall(rf"<!-- layers of {re.escape(container)} -->\n```\n(.*?)```", text, re.DOTALL)[0]
        return [set(row.strip().split(" │ ")) for row in re.findall(r"^│ (.*?)\s*│(?:  .*)?$", picture, re.MULTILINE)]
