"""Helpers for the tests of stored sessions."""

from pathlib import Path

from sniffer.base.errors import CutOffError
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Note, TapGap, TapRestored
from sniffer.sources.source import Item, Source
from sniffer.sources.stored.archive_member import ArchiveMember


def read_to_the_cut(member: ArchiveMember) -> bytes:
    """Return the bytes of a member, up to where its archive was cut off."""
    chunks: list[bytes] = []
    try:
        chunks.extend(member.read())
    except CutOffError as error:
        complaint = str(error)
        assert complaint == f"{member}: the archive was cut off; all before the cut was read"
    return b"".join(chunks)


def log_line(number: int, text: str = "", *, printed: bool = False) -> bytes:
    """Return a line of a text log at this second; `printed`: with its line number."""
    minutes, seconds = divmod(number, 60)
    start = f"{number} " if printed else ""
    return f"{start}2023-11-30T05:{minutes:02}:{seconds:02}+0530 [a] {text or f'line {number}'}\n".encode()


def save(path: Path, *parts: bytes) -> Path:
    """Write a file, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(parts))
    return path


async def read_items(source: Source) -> list[Item]:
    """Return all items of a source."""
    items: list[Item] = []
    await source.run(items.append)
    return items


def texts_of(items: list[Item]) -> list[str]:
    """Return the texts of log lines, notes and gaps."""
    texts = []
    for item in items:
        if isinstance(item, LogLine):
            texts.append(item.text)
        elif isinstance(item, Note):
            texts.append(f"note: {item.text}")
        elif isinstance(item, TapGap):
            texts.append(f"gap: {item.reason}")
        elif isinstance(item, TapRestored):
            texts.append(f"back: {item.how}")
    return texts
