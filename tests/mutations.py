"""Mutation testing: count how many small changes of the code the tests of its own folder notice.

`python -m tests.mutations sniffer/core/wire --count 20` makes random changes in a copy of the checkout, one at a
time, runs the test files of `tests/core/wire` on each, that of the changed module first, and prints the changes that no
test noticed. Folders inside the folder are measured on their own. The same seed makes the same changes.
"""

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tests.paths import ROOT

COPIED = ("sniffer", "tests", "captures", "udev", "pyproject.toml", "README.md", "CONTRIBUTING.md", "SECURITY.md")
LEAST = 0.8
"""The share of changes that the tests of a folder have to notice."""

TEST_LIMIT = 240.0
"""Seconds after which one test is stopped. One that takes two on an idle machine has to pass on a busy one."""

LONGEST, SHORTEST, SLOWER = 900.0, 60.0, 4.0
"""Seconds after which tests are stopped: at most, at least, and how many times as long as without a change."""

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
OPERATORS: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*", ast.Div: "*"}


class Mutation(NamedTuple):
    """One change: the bytes from `start` to `end` of a file become `text`."""

    file: Path
    line: int
    start: int
    end: int
    text: str
    what: str


def mutations_of(file: Path) -> list[Mutation]:
    """Return all changes that can be made in a module."""
    source = file.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def changed(node: ast.expr | ast.stmt, text: str, what: str) -> Mutation:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        return Mutation(file, node.lineno, start, end, text, what)

    return [changed(node, text, what) for node in _nodes(ast.parse(source)) for text, what in _changes(node)]


def _nodes(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes that run: no annotations, imports, docstrings and code for type checkers only."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom | ast.JoinedStr):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            yield from _nodes(child)


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the texts that may stand in place of a node, each with a word for the change."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in COMPARISONS:
            text = f"{_text(left)} {COMPARISONS[type(operator)]} {_text(right)}"
            yield f"({text})", "comparison"
        case ast.BoolOp(op=operation, values=values):
            joined = " and " if isinstance(operation, ast.Or) else " or "
            yield f"({joined.join(_text(value) for value in values)})", "and/or"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _text(operand), "not dropped"
        case ast.BinOp(left=left, op=arithmetic, right=right) if type(arithmetic) in OPERATORS:
            yield f"({_text(left)} {OPERATORS[type(arithmetic)]} {_text(right)})", "arithmetic"
        case ast.Constant(value=bool() as value):
            yield str(not value), "constant"
        case ast.Constant(value=int() as value):
            yield str(value + 1), "constant"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None", "return value"
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield "pass", "statement removed"
        case ast.IfExp(test=test, body=body, orelse=other):
            yield f"({_text(other)} if {_text(test)} else {_text(body)})", "branches swapped"


def _text(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def tests_of(place: Path) -> list[Path]:
    """Return the test files of a module, or those that stand directly in the tests of a folder."""
    tests = ROOT / "tests" / place.relative_to(ROOT / "sniffer")
    return [tests.with_name(f"test_{tests.name}")] if tests.suffix == ".py" else sorted(tests.glob("test_*.py"))


def is_noticed(mutation: Mutation | None, tests: list[Path], limit: float) -> bool:
    """Return True if the tests fail on a copy of the checkout with this change, or without one.

    Tests that still run after `limit` seconds have noticed it too. Without a change the tests print what fails.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for entry in COPIED:
            source = ROOT / entry
            if source.is_dir():
                shutil.copytree(source, copy / entry, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / entry)
        if mutation:
            code = mutation.file.read_bytes()
            changed = code[: mutation.start] + mutation.text.encode() + code[mutation.end :]
            (copy / mutation.file.relative_to(ROOT)).write_bytes(changed)
            tests = sorted(tests, key=lambda test: test.name != f"test_{mutation.file.name}")
        # Byte code is written into the copy: tests that start the program many times would compile it each time.
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "", "CI": ""}
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--timeout",
            str(round(TEST_LIMIT)),
        ]
        words += ["-m", "not slow", "--deselect", "tests/test_layout.py"]
        words += [str(copy / test.relative_to(ROOT)) for test in tests]
        # 5: no test was collected.
        return _status_of(words, copy, environment, limit, None if mutation is None else subprocess.DEVNULL) not in (
            0,
            5,
        )


def _status_of(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float, output: int | None
) -> int | None:
    """Return the exit status of a program, or None if it ran longer than `limit` seconds and was killed.

    A changed program may leave children that never end: its whole process group ends with it.
    """
    with subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    ) as program:
        try:
            return program.wait(limit)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)


def main() -> int:
    """Run it; return 0 if enough changes were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("place", metavar="FOLDER", type=Path, help="a folder or module of sniffer/")
    parser.add_argument("--count", type=int, default=20, metavar="N", help="how many changes are tried (default 20)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones (default 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="how many run at a time")
    options = parser.parse_args()
    place = options.place.resolve()
    files = [place] if place.is_file() else sorted(place.glob("*.py"))
    found = [mutation for file in files for mutation in mutations_of(file)]
    chosen = random.Random(options.seed).sample(found, min(options.count, len(found)))
    tests = tests_of(place)
    began = perf_counter()
    if is_noticed(None, tests, LONGEST):
        parser.error(f"the tests of {options.place} fail without any change")
    limit = min(LONGEST, SHORTEST + SLOWER * (perf_counter() - began))
    noticed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda mutation: is_noticed(mutation, tests, limit), chosen)
        for count, (mutation, was_noticed) in enumerate(zip(chosen, results, strict=True), 1):
            noticed += was_noticed
            if not was_noticed:
                code = mutation.file.read_bytes()[mutation.start : mutation.end].decode()
                place_of = f"{mutation.file.relative_to(ROOT)}:{mutation.line}"
                print(f"{count}. {place_of}: {mutation.what}: {code!r} as {mutation.text!r}", flush=True)
    share = noticed / max(1, len(chosen))
    print(f"{options.place}: {noticed} of {len(chosen)} noticed ({share:.0%})")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
