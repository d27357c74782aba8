"""The reports that are kept as files, and how to write them anew: `python -m tests.commands.report.golden`.

Look at the difference before you commit it: these files pin every word and every place of a report. The style of a page
is left out.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sniffer.commands.report.render import Form, format_report
from tests.commands.report.helpers import report_of

FOLDER = Path(__file__).parent / "golden"

REPORTS: tuple[tuple[tuple[str, ...], tuple[Form, ...]], ...] = (
    (("undervoltage.log",), ("text", "json", "html")),
    (("starcharge-idle.log",), ("text",)),
    (("mains-sag.pcapng",), ("text", "json", "html")),
    (("bad-line.pcapng",), ("text",)),
    (("pending.pcapng",), ("text",)),
    (("restarts.pcapng",), ("text",)),
    (("pulled-cable.pcapng",), ("text",)),
    (("one-side.pcapng",), ("text",)),
    (("charging.pcapng", "mains-sag.pcapng"), ("text", "json", "html")),
    (("bad-line.pcapng", "undervoltage.log"), ("text",)),
)


def reports() -> Iterator[tuple[Path, str]]:
    """Yield the file of each report, and the report as it is now."""
    for names, forms in REPORTS:
        stem = "-against-".join(name.partition(".")[0] for name in names)
        for form in forms:
            ending = {"text": "txt"}.get(form, form)
            text = format_report([report_of(name) for name in names], form)
            without_style = re.sub(r"<style>.*</style>|(?<='sha256-)[^']*(?=')", "", text, flags=re.DOTALL)
            yield FOLDER / f"{stem}.{ending}", without_style + "\n"


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for path, text in reports():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
