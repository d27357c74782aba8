"""Text from the wire is shown as text: it is no markup and no escape sequence, and breaks no columns."""

import unicodedata

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from tests.tui.helpers import FakeSource, app_for, boot, part, rows, running, screen, sees, until

IDS = {
    b"[/]": "[/]",
    b"[red]x[/red]": "[red]x[/red]",
    b"$error [b]": "$error [b]",
    b"\x1b]0;title\x07": r"\x1b]0;title\x07",
    b"\x9b31m": r"\x9b31m",
    b"[@click=app.quit]q[/]": "[@click=app.quit]q[/]",
}

TEXTS = {
    "[/]": "[/]",
    "[red]alarm": "[red]alarm",
    "a\x1b[2Jb": r"a\x1b[2Jb",
    "a\x9b2Jb": r"a\x9b2Jb",
    "right\u202eleft": r"right\u202eleft",
    "e\u0301\u0301\u0301": r"e\u0301\u0301\u0301",
    "tab\there": r"tab\there",
    "漢字" * 60: "漢字漢字",
}


def assert_harmless(pilot: Pilot[None], width: int) -> None:
    for row in rows(pilot):
        assert not [char for char in row if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")], repr(row)
        assert cell_len(row) == width, repr(row)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_charge_point_id_is_text(size: tuple[int, int]) -> None:
    source = FakeSource(ends=False)
    async with running(source, size) as pilot:
        await pilot.press("3", "backslash")
        for sequence, (raw, shown) in enumerate(IDS.items()):
            source.frames(boot(raw, sequence))
            await sees(pilot, "link", shown)
            assert_harmless(pilot, size[0])
        await pilot.press("backslash", "escape", "g", "d", "G", "escape")
        await sees(pilot, "traffic", "announcement ans")
        for shown in IDS.values():
            for _ in range(4):
                if shown[:12] not in part(pilot, "detail"):
                    await pilot.press("j")
            await sees(pilot, "detail", shown[:12])
            assert f"charge point {shown}"[:20] in part(pilot, "traffic")
            assert_harmless(pilot, size[0])


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_log_line_is_text(size: tuple[int, int]) -> None:
    lines = [LogLine(number, text, text) for number, text in enumerate(TEXTS)]
    async with running(FakeSource(*lines, LogLine(99, "[b]", "end")), size) as pilot:
        await sees(pilot, "traffic", "end")
        await pilot.press("g")
        for shown in TEXTS.values():
            await sees(pilot, "detail", shown)
            assert shown in part(pilot, "traffic")
            assert_harmless(pilot, size[0])
            await pilot.press("j")
        await pilot.press("k", "enter", "backslash")
        await sees(pilot, "detail", "漢字漢字")
        assert_harmless(pilot, size[0])


async def test_name_of_the_source_is_text() -> None:
    async with running(FakeSource(name="a[/]b\x1b[31m\u202e漢" * 9), (80, 24)) as pilot:
        await until(pilot, lambda: r"a[/]b\x1b[31m\u202e漢" in screen(pilot))
        assert_harmless(pilot, 80)


@pytest.mark.parametrize(("raw", "shown"), IDS.items())
async def test_notice_of_what_was_copied_is_text(raw: bytes, shown: str) -> None:
    app = app_for(FakeSource(Chunk(boot(raw), 1)))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await sees(pilot, "detail", "announcement answer")
        await pilot.press("d", "G", "y")
        await until(pilot, lambda: f"copied: charge_point_id = {shown}" in " ".join(screen(pilot).split()))
        assert_harmless(pilot, 120)
