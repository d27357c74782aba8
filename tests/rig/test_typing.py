"""Type checkers know the names of the package, its examples run, and its import loads nothing."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sniffer
from sniffer import rig
from tests.paths import ROOT

DOCUMENT = (ROOT / "sniffer" / "docs" / "rigs.md").read_text("utf-8")

SCRIPT = """
import sniffer


async def wait(port: str) -> float:
    async with sniffer.tap(port, baud=9600, record="new.pcapng") as session:
        known: sniffer.Snapshot = await session.until(status="Charging", connector=1, timeout=10)
        record: sniffer.Record = await session.seen(command=1, direction="pwr>com", timeout=None)
        async for message in session.messages():
            decoded: sniffer.Message = message
            break
        async for event in session.events():
            match event:
                case sniffer.StatusChanged():
                    return len(known.faults) + float(event.time or 0) + record.number + len(decoded.name)
                case sniffer.FaultRaised(fault=fault):
                    print(fault.diagnosis.meanings)
        try:
            await session.until(fault="Under voltage", timeout=0.5)
        except (sniffer.NotSeenError, sniffer.EndedError) as error:
            print(error)
    return 0.0
"""

WRONG = """
import sniffer


async def wait() -> None:
    async with sniffer.tap(1) as session:
        await session.until(status=8)
        await session.seen(direction=8)
        await session.wait()
        sniffer.tapp
"""


def examples(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


EXAMPLES = [*examples(rig.__doc__ or ""), *examples(DOCUMENT)]
FIXTURES = [example for example in EXAMPLES if "pytest" in example]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which mypy keeps what it knows of the package, which takes longer than a script."""
    return tmp_path_factory.mktemp("mypy")


def check(tmp_path: Path, text: str, cache: Path) -> list[str]:
    """Return the lines that mypy prints about a user's script."""
    script = tmp_path / "script.py"
    script.write_text(text)
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={cache}", str(script)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=110, cwd=ROOT)
    assert done.returncode in (0, 1), done.stderr
    # What mypy finds in the package by itself is what its own settings are for.
    return [line for line in done.stdout.splitlines() if script.name in line]


def test_a_users_script_is_typed(tmp_path: Path, cache: Path) -> None:
    assert check(tmp_path, SCRIPT + "".join(example for example in EXAMPLES if "pytest" not in example), cache) == []


def test_a_users_slips_are_found(tmp_path: Path, cache: Path) -> None:
    assert [line.partition(":")[2].partition(":")[0] for line in check(tmp_path, WRONG, cache)] == [
        "6",
        "7",
        "8",
        "9",
        "10",
    ]


def test_there_is_a_fixture_in_the_module_and_in_the_document_and_that_of_the_plugin() -> None:
    assert len(FIXTURES) == 3


@pytest.mark.slow
@pytest.mark.parametrize("example", FIXTURES, ids=["module", "document", "plugin"])
def test_the_fixtures_that_are_shown_work(example: str, tmp_path: Path) -> None:
    # A vehicle comes to the simulated charger after eight seconds.
    (tmp_path / "test_charger.py").write_text(example.replace("/dev/ttyUSB0", "demo"))
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    words += ["--evse-port", "demo"]
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, cwd=tmp_path, env=here)
    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.slow
def test_the_example_of_the_module_runs(tmp_path: Path) -> None:
    (example,) = (example for example in examples(rig.__doc__ or "") if "pytest" not in example)
    done = subprocess.run(
        [sys.executable, "-c", example.replace("/dev/ttyUSB0", "demo")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "10427240" in done.stdout


def test_importing_the_package_loads_nothing_else() -> None:
    script = "import sys, sniffer; print([name for name in sys.modules if name.startswith(('sniffer.', 'asyncio'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.stdout == "['sniffer._version', 'sniffer.base', 'sniffer.base.type_checking']\n"


def test_all_that_is_offered_is_there_and_is_what_type_checkers_see() -> None:
    for name in sniffer.__all__:
        assert getattr(sniffer, name) is not None
    assert set(sniffer.__all__) <= set(dir(sniffer))
    tree = ast.parse(Path(sniffer.__file__).read_text("utf-8"))
    typed = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {(node.module, name.name) for node in typed.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert seen == {(place, name) for name, place in sniffer._MODULE_OF.items()}
    assert {name for _, name in seen} | {"__version__"} == set(sniffer.__all__)


def test_what_is_not_offered_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="tapp"):
        _ = sniffer.tapp  # type: ignore[attr-defined]
