"""Real tshark with our dissector: packets go in, what it shows of each comes out."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from sniffer.formats.pcapng.writer import Writer
from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.protocol.loader import packaged_definition
from sniffer.wireshark.dissector import dissector
from tests.tools import need

DEFINITION = packaged_definition()


def capture(records: Iterable[Record]) -> bytes:
    writer = Writer("/dev/ttyUSB0", 115200)
    return writer.head() + b"".join(map(writer.record, records))


def tshark(folder: Path, data: bytes | Path, *words: str, definition: Definition = DEFINITION) -> str:
    """What tshark prints of a capture; nothing may be wrong with the dissector."""
    script = folder / "evse.lua"
    script.write_text(dissector(definition))
    path = data if isinstance(data, Path) else folder / "given.pcapng"
    if isinstance(data, bytes):
        path.write_bytes(data)
    done = subprocess.run(
        [need("tshark"), "-X", f"lua_script:{script}", "-r", str(path), *words],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"},
    )
    complaints = [line for line in done.stderr.splitlines() if "dangerous" not in line and "cut short" not in line]
    assert not [line for line in complaints if "ua" in line or "rror" in line], complaints
    assert "Lua Error" not in done.stdout
    return done.stdout


def shown(folder: Path, data: bytes | Path, filters: Sequence[str], **options: Definition) -> list[dict[str, str]]:
    """The fields of each packet that has some, by filter; a field that is not there is left out."""
    asked = [word for name in filters for word in ("-e", name)]
    told = tshark(folder, data, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=f", *asked, **options)
    rows = (line.split("\t") for line in told.splitlines())
    return [{name: value for name, value in zip(filters, row, strict=True) if value} for row in rows]
