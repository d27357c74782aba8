"""The work of `lake add`: what is missing, and what is said."""

from pathlib import Path

import pytest

from sniffer.base.errors import DefinitionError, SnifferError
from sniffer.commands.lake import add as work
from sniffer.fleet.lake.additions.add import AddSummary
from sniffer.fleet.lake.additions.ingest import CaptureFailure
from tests.paths import CAPTURES


def test_the_packages_that_are_missing_are_reported_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.fleet.lake.packages.find_spec", lambda name: None)
    with pytest.raises(SnifferError, match=r"^the lake needs pyarrow and fsspec: `pip install 'evse-sniff\[fleet\]'`$"):
        work.add([], "nowhere")


def test_dask_is_an_extra_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sniffer.fleet.lake.packages.find_spec", lambda name: None if name == "distributed" else "there"
    )
    with pytest.raises(SnifferError, match=r"needs distributed: `pip install 'evse-sniff\[fleet,dask\]'`"):
        work.add([], "nowhere", dask="tcp://nowhere:1")


def test_a_definition_that_is_none_ends_it_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        work.add([str(CAPTURES)], str(tmp_path / "lake"), definition=["no-such-board"])
    assert not (tmp_path / "lake").exists()


def test_the_summary_is_one_line() -> None:
    failure = CaptureFailure("a.log", "no room")
    summary = AddSummary(2, 1200, 1, [failure], [failure, failure])
    assert work.format_summary(summary, ["a", "b", "c", "d"]) == (
        "added 2 sessions with 1,200 frames; 1 known already; 1 in part; 2 could not be read; "
        "4 files without a session (a, b, c, ...)"
    )
    assert work.list_problems(summary) == ["a.log: added in part: no room", *["a.log: not added: no room"] * 2]
    assert work.format_summary(AddSummary(1, 1), []) == "added 1 session with 1 frame"
