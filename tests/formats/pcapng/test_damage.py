from functools import reduce
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sniffer.archive.archive import Archive
from sniffer.errors import SourceError
from sniffer.formats.pcapng.capture import told
from sniffer.formats.pcapng.reader import Reader
from sniffer.note import Note
from sniffer.pipeline import Pipeline
from sniffer.formats import jsonl, plain
from tests.formats.pcapng.test_round_trip import DEFINITION, captured, pipeline_of, written, status_report

RECORDS = pipeline_of(b"\1\2" + status_report("Available") + status_report("Charging")[:-1] + b"\0")
LOG = [r for p in [Pipeline(DEFINITION)] for line in captured()[:9] for r in p.feed(line)]
WHOLE = [written(RECORDS, {1: "note é", 2: "b"}), written(LOG, {3: "x"})]


@pytest.mark.parametrize("data", WHOLE)
def test_cut_everywhere(data):
    all_ = list(Reader().feed(data))
    n = 0
    for cut in range(len(data) + 1):
        r = Reader()
        got = list(r.feed(data[:cut]))
        assert got == all_[: len(got)]
        assert len(got) >= n
        n = len(got)
        assert r.place + r.waiting == cut
    assert n == len(all_)
    r = Reader()
    got = [p for b in data for p in r.feed(bytes([b]))]
    assert got == all_


def go(data, step):
    r = Reader()
    p = Pipeline(DEFINITION)
    a = Archive(DEFINITION)
    try:
        for at in range(0, len(data), step):
            for packet in r.feed(data[at : at + step]):
                for item in told(packet):
                    if not isinstance(item, Note):
                        for rec in (recs := p.feed(item)):
                            list(jsonl.lines(rec, DEFINITION, None))
                            list(plain.lines(rec, None, DEFINITION, None))
                        a.receive(recs)
    except SourceError as e:
        assert "\n" not in str(e)


@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_flips(data):
    raw = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.sampled_from([0, 1, 255, 127, 128]) | st.integers(0, 255))
    go(bytes(raw), data.draw(st.sampled_from([1, 7, 1 << 16])))


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_garbage(data, header):
    go(
        (WHOLE[0][: 28 + 0] if 0 else b"")
        + (bytes.fromhex("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000") if header else b"\x0a\x0d\x0d\x0a")
        + data,
        1 << 16,
    )


import struct


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, 6, 5, 0x0A0D0D0A, 99]),
            st.binary(max_size=80),
            st.sampled_from([None, 250, 250, 250]),
        ),
        max_size=6,
    )
)
def test_blocks(blocks):
    out = bytes.fromhex("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000")
    out += struct.pack("<IIHHIHHB3xII", 1, 32, 250, 0, 0, 9, 1, 9, 0, 32)
    for kind, body, lt in blocks:
        body += bytes(-len(body) % 4)
        if kind == 1 and lt:
            body = struct.pack("<HHI", 250, 0, 0) + body
        if kind == 6:
            body = (
                struct.pack("<IIIII", 0, int.from_bytes(body[:4], "little"), 5, len(body) // 2, len(body) // 2) + body
            )
        n = len(body) + 12
        out += struct.pack("<II", kind, n) + body + struct.pack("<I", n)
    go(out, 1 << 16)
