"""The progress bar of a conversion."""

import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest

from sniffer.commands.convert import progress
from sniffer.commands.convert.convert import convert
from sniffer.commands.convert.progress import ConversionProgress
from tests.commands.convert.helpers import DEFINITION
from tests.core.charger.helpers import SAMPLE


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    def test_the_percentage_is_drawn_and_the_bar_is_erased_at_the_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "PATIENCE", 0)
        monkeypatch.setattr(progress, "STEP", 0)
        out = Terminal()
        with ConversionProgress(out, 200) as bar:
            bar.update(50)
            bar.update(200)
        shown = out.getvalue()
        assert 0 <= shown.find(" 25%") < shown.find("100%")
        assert shown.endswith("\x1b[2K"), "the line of the bar is erased"

    def test_nothing_is_drawn_for_a_quick_conversion_or_without_a_terminal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick = Terminal()
        with ConversionProgress(quick, 9) as bar:
            bar.update(9)
        monkeypatch.setattr(progress, "PATIENCE", 0)
        unseen = StringIO()
        with ConversionProgress(unseen, 9) as bar:
            bar.update(9)
        assert (quick.getvalue(), unseen.getvalue()) == ("", "")

    def test_a_conversion_updates_the_bar_by_the_bytes_it_has_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(progress, "PATIENCE", 0)
        out = Terminal()
        convert([str(SAMPLE)], tmp_path / "a.jsonl", DEFINITION, terminal=out)
        assert "100%" in out.getvalue()

    def test_the_bar_is_drawn_without_a_thread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "PATIENCE", 0)
        before = threading.active_count()
        out = Terminal()
        with ConversionProgress(out, 9) as bar:
            bar.update(9)
            assert out.getvalue()
            assert threading.active_count() == before

    def test_updates_are_limited_in_rate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = iter([0.0, 0.5, 1.0, 1.0, 1.05, 1.1, 1.1])
        monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
        out = Terminal()
        with ConversionProgress(out, 100) as bar:
            for bytes_read in (10, 20, 30, 40):
                bar.update(bytes_read)
        shown = [place for place in ("10%", "20%", "30%", "40%") if place in out.getvalue()]
        assert shown == ["20%", "40%"], "nothing in the first second, then one update in each tenth of a second"

    def test_a_file_that_grew_shows_no_more_than_100_percent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "PATIENCE", 0)
        out = Terminal()
        with ConversionProgress(out, 100) as bar:
            bar.update(250)
        assert "100%" in out.getvalue()
        assert "250%" not in out.getvalue()

    @pytest.mark.parametrize(("out", "size"), [(None, 9), (Terminal(), 0)])
    def test_nothing_is_drawn_without_an_output_or_a_size(
        self, monkeypatch: pytest.MonkeyPatch, out: Terminal | None, size: int
    ) -> None:
        monkeypatch.setattr(progress, "PATIENCE", 0)
        with ConversionProgress(out, size) as bar:
            bar.update(9)
        assert out is None or out.getvalue() == ""

    def test_rich_is_imported_only_for_a_bar_that_is_drawn(self) -> None:
        code = "import sys, sniffer.commands.convert.progress; print('rich' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout == "False\n"
