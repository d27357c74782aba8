"""Make the pictures in the README: `python -m tests.sample_pictures`.

Each is the screen on one of the samples, after some keys. In: the captures. Out: SVG files beside them.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import NamedTuple

from textual.pilot import Pilot

from sniffer.core.protocol.loader import packaged_definition
from sniffer.session import Session, Sink
from sniffer.sources.open import open_sources, pipeline_for
from sniffer.tui.app import SnifferApp
from tests.paths import CAPTURES, ROOT
from tests.tui.helpers import screen, until


class Picture(NamedTuple):
    """One picture: its file, the sample, the size of the terminal, the keys, and a text that is shown then."""

    file: str
    sample: str
    size: tuple[int, int]
    keys: Sequence[str]
    shows: str


PICTURES = (
    Picture("undervoltage.svg", "undervoltage.log", (120, 36), ["2", "o"], "fault raised"),
    Picture("timeline.svg", "mains-sag.pcapng", (120, 36), ["4"], "timeline"),
    Picture("card.svg", "undervoltage.log", (100, 34), ["2", "enter"], "measure first"),
)


async def draw(picture: Picture) -> str:
    """Return the picture as SVG."""
    definition = packaged_definition()

    def session_for(sink: Sink) -> Session:
        source = open_sources([f"captures/{picture.sample}"])
        return Session(source, pipeline_for(source, definition), view=sink)

    app = SnifferApp(session_for, definition)
    async with app.run_test(size=picture.size) as pilot:
        await show(pilot, picture)
        return app.export_screenshot(title=f"evse-sniff captures/{picture.sample}")


async def show(pilot: Pilot[None], picture: Picture) -> None:
    """Let the sample be read, press the keys, and wait for their effect."""
    await until(pilot, lambda: "all read" in screen(pilot))
    for key in picture.keys:
        await pilot.press(key)
        await pilot.pause(0.3)
    await until(pilot, lambda: picture.shows in screen(pilot))
    await pilot.pause(0.5)


def main() -> None:
    """Draw all pictures."""
    os.chdir(ROOT)
    for picture in PICTURES:
        (CAPTURES / picture.file).write_text(asyncio.run(draw(picture)), "utf-8")


if __name__ == "__main__":
    main()
