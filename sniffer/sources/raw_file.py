"""Raw bytes from a file, without times."""

import asyncio

from sniffer.core.wire.items import Chunk
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take


class RawSource(SavedSource):
    """The bytes of a file. No chunk has a time."""

    about = "raw bytes without times"

    async def run(self, take: Take) -> None:
        """Read the file to its end. The loop gets a turn after each piece."""
        async for data in self._read_pieces():
            take(Chunk(data))
            await asyncio.sleep(0)
