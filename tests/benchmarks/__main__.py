"""Print the figures of the benchmarks as one table: all of them, or those that are named."""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sniffer.base.native import describe_form
from tests.benchmarks import history
from tests.benchmarks.measure import Figure, Ratio
from tests.benchmarks.measurements import (
    captures,
    core,
    false_heads,
    filtering,
    formats,
    framing,
    lake,
    latency,
    memory,
    million,
    saturated,
    scaling,
    sinks,
    startup,
    tapload,
    text_logs,
)

BENCHMARKS: dict[str, Callable[[], Sequence[Figure | Ratio]]] = {
    "framing": framing.measure,
    "core": core.measure,
    "startup": startup.measure,
    "saturated": saturated.measure,
    "latency": latency.measure,
    "false_heads": false_heads.measure,
    "memory": memory.measure,
    "sinks": sinks.measure,
    "filtering": filtering.measure,
    "million": million.measure,
    "captures": captures.measure,
    "formats": formats.measure,
    "scaling": scaling.measure,
    "tapload": tapload.measure,
    "text_logs": text_logs.measure,
    "lake": lake.measure,
}


def main() -> None:
    """Measure the named benchmarks, or all, and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--minutes", type=float, metavar="N", help="minutes for which the saturated line is measured")
    parser.add_argument(
        "--frames", type=int, metavar="N", help="the most frames of which `scaling` measures a session (1,000,000)"
    )
    about = f"also add the figures to this history, which `python -m tests.benchmarks.plot` draws ({history.DEFAULT})"
    parser.add_argument("--json", type=Path, nargs="?", const=history.DEFAULT, metavar="FILE", help=about)
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    print(f"# {describe_form()}, Python {platform.python_version()}", flush=True)
    _compile()
    if options.minutes:
        BENCHMARKS["saturated"] = lambda: saturated.measure(60 * options.minutes)
    if options.frames:
        BENCHMARKS["scaling"] = lambda: scaling.measure(options.frames)
    figures: list[Figure | Ratio] = []
    for name, measure in BENCHMARKS.items():
        if not options.names or name in options.names:
            for figure in measure():
                print(figure, flush=True)
                figures.append(figure)
    if options.json:
        history.append(options.json, history.build_run(figures))


def _compile() -> None:
    """Have the program compiled, as after an installation, whatever the environment says."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.pop("PYTHONUNBUFFERED", None)
    subprocess.run(
        [sys.executable, "-c", "import sniffer.cli.sessions.watch, sniffer.cli.setup.source_picker, sniffer.tui.app"],
        check=True,
    )


if __name__ == "__main__":
    main()
