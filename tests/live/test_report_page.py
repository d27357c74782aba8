"""The HTML report in a real browser: on a desktop, on a phone, dark and printed, and judged by axe-core.

The page itself lets no script run. The scripts here go into a copy of it without that rule.
"""

import html
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sniffer.commands.report.render import format_report
from tests.commands.report.helpers import report_of
from tests.tools import need, skip_or_fail

REPORTS = (
    ("mains-sag.pcapng",),
    ("one-side.pcapng",),
    ("pulled-cable.pcapng",),
    ("starcharge-idle.log",),
    ("charging.pcapng", "mains-sag.pcapng"),
)
DESKTOP, PHONE = 1280, 390
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--virtual-time-budget=20000",
)  # fmt: skip
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

LAYOUT = """
const wrapped = [], uncovered = [], page = document.documentElement;
for (const cell of document.querySelectorAll('td')) {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (const time of walker.currentNode.data.matchAll(/\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?/g)) {
    const range = document.createRange();
    range.setStart(walker.currentNode, time.index);
    range.setEnd(walker.currentNode, time.index + time[0].length);
    if (new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) wrapped.push(time[0]);
  }
}
for (const plate of document.querySelectorAll('rect.plate')) {
  const label = plate.nextSibling.getBBox(), cover = plate.getBBox();
  const isCovered = label.x >= cover.x && label.x + label.width <= cover.x + cover.width;
  if (!isCovered) uncovered.push(plate.nextSibling.textContent);
}
const background = getComputedStyle(document.body).backgroundColor;
found({wrapped, uncovered, overflow: page.scrollWidth - page.clientWidth, background});
"""
"""Times that are broken over two lines, labels that a curve can strike through, and what is too wide."""

AXE = "axe.run().then((results) => found({violations: results.violations.map((one) => [one.id, one.impact])}));"


@cache
def page_of(*names: str) -> str:
    return format_report([report_of(name) for name in names], "html")


@pytest.fixture(scope="module")
def axe_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the source of axe-core, from npm."""
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [need("npm"), "install", "--silent", "--prefix", folder, "axe-core@4"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        skip_or_fail("npm cannot install axe-core")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def browse(folder: Path, page: str, *options: str) -> str:
    """Open a page in Chromium with these options, and return what Chromium prints."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    command = [need("chromium"), *QUIET, f"--user-data-dir={folder / 'profile'}", *options, path.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=120, check=True, text=True).stdout


def evaluate(folder: Path, page: str, script: str, *options: str, width: int = DESKTOP) -> dict[str, Any]:
    """Return what a script finds on a page of this width.

    The page is in a frame, as a browser's window has a least width.
    """
    tail = "<script>const found = (found) => parent.postMessage(JSON.stringify(found), '*');"
    inner = POLICY.sub("", page).replace("</body>", f"{tail}{script}</script></body>")
    outer = (
        "<title></title><script>addEventListener('message', (event) => document.title = event.data)</script>"
        f'<iframe style="width:{width}px;height:4000px;border:0" srcdoc="{html.escape(inner)}"></iframe>'
    )
    shown = browse(folder, outer, "--dump-dom", f"--window-size={DESKTOP + 40},4200", *options)
    title = re.search(r"<title>(.*?)</title>", shown, re.DOTALL)
    assert title
    found: dict[str, Any] = json.loads(html.unescape(title[1]))
    return found


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("names", REPORTS, ids="-".join)
def test_no_time_is_wrapped_and_no_label_struck_through(names: tuple[str, ...], width: int, tmp_path: Path) -> None:
    found = evaluate(tmp_path, page_of(*names), LAYOUT, width=width)
    assert (found["wrapped"], found["uncovered"], found["overflow"]) == ([], [], 0)


@pytest.mark.parametrize("names", REPORTS, ids="-".join)
def test_axe_finds_no_serious_fault(names: tuple[str, ...], axe_source: str, tmp_path: Path) -> None:

    found = evaluate(tmp_path, page_of(*names), f"{axe_source};{AXE}")
    assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []


def test_the_page_is_dark_where_the_user_wants_it(axe_source: str, tmp_path: Path) -> None:
    dark = "--blink-settings=preferredColorScheme=0"
    backgrounds = [
        evaluate(tmp_path, page_of("mains-sag.pcapng"), LAYOUT, *options)["background"] for options in ((), (dark,))
    ]
    assert [sum(map(int, re.findall(r"\d+", one)[:3])) > 382 for one in backgrounds] == [True, False]
    found = evaluate(tmp_path, page_of("mains-sag.pcapng"), f"{axe_source};{AXE}", dark)
    assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []


def test_the_page_prints(tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    browse(tmp_path, page_of("mains-sag.pcapng"), f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    text = subprocess.run(
        [need("pdftotext"), "-layout", printed, "-"], capture_output=True, check=True, text=True
    ).stdout
    for shown in (
        "Under voltage on connector 1",
        "09:00:21.030",
        "the link is alive at the end",
        "What to measure first",
    ):
        assert shown in text
