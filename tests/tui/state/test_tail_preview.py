"""The end of a long capture stands on the screen before the rest of it was read."""

from pathlib import Path

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.source import Item, Take
from sniffer.tui.app import SnifferApp
from tests.commands.wireshark.helpers import capture
from tests.tui.helpers import parameter, part, sees, until

DEFINITION = packaged_definition()
FRAMES = 120_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a long capture and return its path."""
    pipeline, records = Pipeline(DEFINITION), []
    for number in range(FRAMES):
        records += pipeline.feed(Chunk(parameter(number & 0xFFFF), 1_700_000_000_000_000_000 + number * 1_000_000))
    found = tmp_path_factory.mktemp("long") / "long.pcapng"
    found.write_bytes(capture(records))
    return found


class Slow(CaptureSource):
    """A capture of which only the beginning is read."""

    async def run(self, take: Take) -> None:
        def slow(item: Item) -> None:
            take(item)
            self._may_read.clear()

        await super().run(slow)


def app_for(source: CaptureSource) -> SnifferApp:
    return SnifferApp(lambda sink: Session(source, Pipeline(DEFINITION), [sink]), DEFINITION, saved=source)


async def test_the_end_is_shown_while_the_beginning_is_read(path: Path) -> None:
    source = Slow(path)
    app = app_for(source)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: 0 < len(app.session_view.store) < FRAMES)
        await pilot.press("G")
        await sees(pilot, "traffic", "the end of the file")
        assert part(pilot, "traffic").splitlines()[-1].split()[:2] == [f"▌{FRAMES}", "22:15:19.999"]
        assert "reading" in part(pilot, "header")
        await pilot.press("k", "k")
        await sees(pilot, "detail", f"#{FRAMES - 2} acceptance")
        await pilot.press("g")
        await until(pilot, lambda: "the end of the file" not in part(pilot, "traffic"))
        assert part(pilot, "traffic").splitlines()[1].split()[:2] == ["▌", "1"]


async def test_what_is_shown_ahead_is_what_will_be_read(path: Path) -> None:
    source = CaptureSource(path)
    found = await source.read_tail(2000)
    assert found
    number, items = found
    pipeline = Pipeline(DEFINITION)
    records = [record for item in items for record in pipeline.feed(item)]  # type: ignore[arg-type]
    assert number + len(records) - 1 == FRAMES
    assert 2000 <= len(records) <= 4000
    assert records[-1].time == 1_700_000_000_000_000_000 + (FRAMES - 1) * 1_000_000
