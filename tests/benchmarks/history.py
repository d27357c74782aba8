"""The history of the figures: one line of JSON for each run of the benchmarks, in a file outside of the repository."""

import json
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from sniffer.base.native import describe_form
from tests.benchmarks.measure import Figure, Ratio
from tests.paths import ROOT

DEFAULT = user_cache_path("evse-sniff") / "benchmarks.jsonl"

Run = dict[str, Any]
"""One run: `time`, `commit`, `form`, `python`, and `figures`, each with `what`, `value`, `unit`, `limit`, `holds`."""


def build_run(figures: Sequence[Figure | Ratio], now: datetime | None = None) -> Run:
    """Return a run with these figures, made at this time and at the present commit."""
    return {
        "time": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "commit": _read_commit(),
        "form": describe_form(),
        "python": platform.python_version(),
        "figures": [figure.to_json() for figure in figures],
    }


def append(path: Path, run: Run) -> None:
    """Add a run at the end of a history, which is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{json.dumps(run)}\n")


def read(path: Path) -> list[Run]:
    """Return the runs of a history, the oldest first."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def _read_commit() -> str:
    """Return the short name of the present commit; empty outside of a repository."""
    words = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
