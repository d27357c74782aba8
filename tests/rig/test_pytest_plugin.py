"""The pytest plugin, in runs of pytest inside this one: the fixture, the captures, and what others notice of it."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from sniffer.commands.report.render import read_report
from sniffer.core.protocol.loader import packaged_definition
from sniffer.rig import pytest_plugin
from sniffer.rig.pytest_capture import FOLDER
from sniffer.rig.pytest_plugin import NO_ASYNCIO
from sniffer.rig.pytest_tap import NO_PORT
from sniffer.sources.open import open_source
from tests.paths import ROOT

pytest_plugins = ["pytester"]

TESTS = """
import pytest

@pytest.mark.asyncio
async def test_passes(tap):
    known = await tap.until(status="Available", timeout=30)
    assert not known.faults

@pytest.mark.asyncio
async def test_fails(tap):
    await tap.seen(command="phase voltages", timeout=30)
    raise AssertionError("the lamp is off")

def test_without_the_fixture():
    assert True
"""


def run(pytester: pytest.Pytester, *words: str, tests: str = TESTS) -> pytest.RunResult:
    pytester.makepyfile(tests)
    # The snapshots of the screen have one folder for the whole process, which the inner run would remove.
    others = (
        "-p",
        "no:cacheprovider",
        "-p",
        "no:textual-snapshot",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
    )
    return pytester.runpytest_inprocess(*others, *words)


def test_a_test_that_fails_leaves_a_capture_of_its_session(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--evse-port", "demo", "--junitxml", "results/junit.xml")
    result.assert_outcomes(passed=2, failed=1)
    (capture,) = (pytester.path / "results" / FOLDER).iterdir()
    assert "test_fails" in capture.name
    result.stdout.fnmatch_lines(["*-- evse-sniff --*", f"capture of the session: {capture}", "link: *"])
    properties = {
        case.attrib["name"]: [(one.attrib["name"], one.attrib["value"]) for one in case.iter("property")]
        for case in ElementTree.parse(pytester.path / "results" / "junit.xml").iter("testcase")
    }
    assert properties == {
        "test_passes": [],
        "test_fails": [("evse_capture", str(capture))],
        "test_without_the_fixture": [],
    }
    report, error = read_report(open_source(str(capture)), packaged_definition(), None)
    assert error is None
    assert report.ledger.frames > 0
    assert report.measured


def test_without_junit_the_capture_is_in_the_temporary_folder(pytester: pytest.Pytester) -> None:
    failing = "\n".join(["import pytest", TESTS[TESTS.index("@pytest.mark.asyncio\nasync def test_fails") :]])
    result = run(pytester, "--evse-port", "demo", "--basetemp", "temp", tests=failing)
    result.assert_outcomes(passed=1, failed=1)
    assert len([*(pytester.path / "temp" / FOLDER).iterdir()]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), NO_PORT),
        (("--evse-port", "/dev/nobody"), "tap: /dev/nobody: no such port"),
        (("-p", "no:asyncio"), NO_ASYNCIO),
    ],
)
def test_what_is_missing_is_one_line(pytester: pytest.Pytester, words: tuple[str, ...], message: str) -> None:
    tests = "import pytest\n\n@pytest.mark.asyncio\nasync def test_uses(tap):\n    pass\n"
    result = run(pytester, *words, tests=tests)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{message}*"])
    result.stdout.no_fnmatch_line("*another exception occurred*")


def test_a_name_is_free_and_safe(pytester: pytest.Pytester) -> None:
    tests = """
        import pytest
        from sniffer.rig.pytest_capture import create_path

        @pytest.mark.parametrize("name", ["../../../etc/x y", "a" * 500])
        def test_path(request, name):
            path = create_path(request)
            path.touch()
            assert path.parent.name == "evse-captures"
            assert len(path.name) < 140 and " " not in path.name
            assert create_path(request).name == f"{path.stem}-2.pcapng"
    """
    run(pytester, tests=tests).assert_outcomes(passed=2)


def test_loading_it_imports_nothing_of_the_package_that_takes_time() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import sniffer.rig.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [
        "sniffer",
        "sniffer._version",
        "sniffer.base",
        "sniffer.base.type_checking",
        "sniffer.rig",
        "sniffer.rig.pytest_capture",
        "sniffer.rig.pytest_plugin",
    ]


def test_the_package_names_it_as_a_plugin() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    found = re.search(r"^\[project\.entry-points\.pytest11\]\npytest-evse = \"(.*)\"$", text, re.MULTILINE)
    assert found is not None
    assert found[1] == pytest_plugin.__name__


def test_a_run_of_others_is_as_without_it(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """As installed from a wheel, with warnings as errors: nothing is said and nothing is written."""
    installed = tmp_path / "evse_sniff-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: evse-sniff\nVersion: 0.1.0\n")
    (installed / "entry_points.txt").write_text("[pytest11]\npytest-evse = sniffer.rig.pytest_plugin\n")
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "sniffer").rglob("*.py")]
    (installed / "RECORD").write_text("".join(f"{name},,\n" for name in files))
    pytester.makepyfile("def test_of_others():\n    assert 1 + 1 == 2\n")
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "/usr/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    # The option shows that the plugin was loaded by its entry point.
    words = ["-W", "error", "-p", "no:cacheprovider", "--strict-config", "-q", "--evse-port", "unused"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith(".")
    assert [path.name for path in pytester.path.iterdir()] == ["test_a_run_of_others_is_as_without_it.py"]
