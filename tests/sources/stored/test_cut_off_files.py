"""Files of every format, plain and packed, cut off anywhere: what is shown is what stands before the cut."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import CutOffError, SourceError
from sniffer.commands.convert.convert import SessionReading, convert
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.sources.open import open_source
from tests.paths import CAPTURES

DEFINITION = packaged_definition()
SAMPLES = sorted(path.name for path in CAPTURES.iterdir() if path.suffix in (".pcapng", ".log"))
FORMATS = [".pcapng", ".jsonl", ".json", ".log", ".bin"]


def pack_zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("session.bin", data)
    return out.getvalue()


def pack_tar(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("session.bin")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zip": pack_zip,
    ".tar": pack_tar,
    ".tgz": lambda data: gzip.compress(pack_tar(data)),
}


@cache
def session_in(sample: str, ending: str) -> bytes:
    """Return a sample in another format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{'.jsonl' if ending == '.json' else ending}")
        convert([str(CAPTURES / sample)], path, DEFINITION)
        if ending == ".json":
            return json.dumps([json.loads(line) for line in path.read_text().splitlines()], indent=1).encode()
        return path.read_bytes()


def read_frames(path: Path) -> tuple[list[bytes], SourceError | None]:
    """Return the frames of a session, and why it ended too early; None if it did not."""
    try:
        reading = SessionReading(open_source(str(path)), Pipeline(DEFINITION))
    except SourceError as error:
        return [], error
    frames = [record.item.frame.raw for record in reading.records() if isinstance(record.item, Message)]
    return frames, reading.error


@cache
def frames_in(sample: str, ending: str) -> list[bytes]:
    """Return the frames of a whole sample in another format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{ending}")
        path.write_bytes(session_in(sample, ending))
        frames, _ = read_frames(path)
    return frames


@settings(max_examples=250, deadline=None)
@given(
    sample=st.sampled_from(SAMPLES),
    ending=st.sampled_from(FORMATS),
    packing=st.sampled_from(sorted(PACKINGS)),
    share=st.floats(0, 1, exclude_max=True),
)
def test_the_frames_of_a_file_that_was_cut_off_are_the_first_of_the_whole(
    sample: str, ending: str, packing: str, share: float
) -> None:
    whole = PACKINGS[packing](session_in(sample, ending))
    cut = whole[: int(len(whole) * share)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{ending}{packing}")
        path.write_bytes(cut)
        frames, error = read_frames(path)
    expected = frames_in(sample, ending)
    assert frames == expected[: len(frames)]
    assert error is None or isinstance(error, CutOffError) or not frames


def test_most_of_a_plain_file_is_shown() -> None:
    for ending in FORMATS:
        whole = session_in("charging.pcapng", ending)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"a{ending}")
            path.write_bytes(whole[: len(whole) // 2])
            frames, error = read_frames(path)
        assert len(frames) > len(frames_in("charging.pcapng", ending)) // 4
        assert error is None or isinstance(error, CutOffError)
