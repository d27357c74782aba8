"""All sources have the members that a session reads."""

from pathlib import Path

from sniffer.sources.open import open_sources
from sniffer.sources.source import Source

MEMBERS = [name for name in vars(Source) if not name.startswith("_")]


def test_sources_have_the_members_that_a_session_reads(tmp_path: Path) -> None:
    raw = tmp_path / "tap.bin"
    raw.write_bytes(b"\1")
    for name in ("demo", str(raw)):
        source = open_sources([name])
        assert not [member for member in MEMBERS if not hasattr(source, member)]
        source.close()
    assert "run" in MEMBERS
