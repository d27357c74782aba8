"""Proposals for a framing as text and as JSON: the file loads, and finds the frames that it was made from."""

import json
import random

import pytest

from sniffer.commands.learn.framing_sink import FramingSink
from sniffer.core.discovery.chains.chain_candidate import propose_chains
from sniffer.core.discovery.delimiters.delimited_search import find_delimited
from sniffer.core.discovery.delimiters.delimiter_search import COBS, DLE
from sniffer.core.discovery.delimiters.end_check_search import find_end_checks
from sniffer.core.protocol.loader import load, load_board_routes, packaged_files
from sniffer.core.record import Record
from sniffer.core.wire.checks import build_fletcher, list_crcs
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.formats.framing_proposal import format_framings, format_framings_json
from sniffer.text.framing_text import list_parts
from tests.core.discovery.captures import CAPTURES
from tests.core.discovery.line_makers import LINES, LineMaker
from tests.core.discovery.makers import MAKERS, hdlc, make_traffic, nmea
from tests.core.discovery.protocols import make_session

WRITE_ANSWERS = (
    "DD 5A E1 02 00 01 FF 1C 77",
    "DD E1 00 00 00 00 77",
    "DD A5 04 00 FF FC 77",
    "DD 04 00 08 0F 45 0F 3D 0F 37 0F 3D FE C6 77",
)
"""Frames of JBD: syssi/esphome-jbd-bms, docs/pdus."""


def sink_of(data: bytes) -> FramingSink:
    sink = FramingSink()
    sink.receive([Record(1, Noise(Reason.GARBAGE, None, data))])
    return sink


def frames_by(proposal: str, data: bytes) -> list[bytes]:
    """Return the frames that the definition of a proposal finds."""
    definition = load(packaged_files(), [("proposal.toml", proposal)])
    framer = Framer(definition.links.routes_in_bytes)
    return [item.raw for item in [*framer.feed(data), *framer.flush()] if isinstance(item, Frame)]


@pytest.mark.parametrize("seed", range(40, 48))
def test_a_proposal_is_a_definition_that_finds_the_frames(seed: int) -> None:
    """Frames without a known check are taken for frames only where another one follows."""
    data, truth = make_session(seed)
    sink = sink_of(data)
    candidates = sink.find()
    best = candidates[0]
    proposal = format_framings(candidates, sink.read)
    found = frames_by(proposal, data)
    assert all(frame.startswith(truth.heads) for frame in found)
    assert len(found) == best.frames if best.check else len(found) >= 0.8 * best.frames
    assert f"Candidate 1: {best.frames} of {best.of} places with a head are frames" in proposal


def test_an_undetermined_part_is_reported() -> None:
    sink = sink_of(bytes(500))
    proposal = format_framings(sink.find(), sink.read)
    assert "# Undetermined: no head and length, no delimiter and no check explain these bytes." in proposal
    assert load(packaged_files(), [("proposal.toml", proposal)]) == load(packaged_files())
    assert json.loads(format_framings_json([])) == {"boards": [], "candidates": []}


def test_the_candidates_as_json() -> None:
    data, truth = next((data, truth) for data, truth in map(make_session, range(50)) if truth.check)
    sink = sink_of(data)
    (best, *_) = json.loads(format_framings_json(sink.find()))["candidates"]
    assert best["heads"] == [head.hex() for head in truth.heads]
    assert best["length"] == dict(zip(("at", "size", "order", "adds"), truth.length, strict=True))
    assert best["check"] == dict(zip(("name", "size", "order", "from"), truth.check or (), strict=True))
    assert 0 < best["frames"] <= best["of"]
    assert best["chance"] < 1e-6
    assert (best["certain"], best["equal"]) == (True, [])


def test_frames_of_one_size_become_a_link_with_that_size() -> None:
    data = make_traffic(MAKERS["sds011"].build, 1, turns=60, noise=0)
    sink = sink_of(data)
    proposal = format_framings(sink.find(), sink.read)
    assert "size = 10" in proposal
    assert len(frames_by(proposal, data)) == 60


def test_frames_between_delimiters_become_a_link_with_them() -> None:
    data = make_traffic(hdlc, 1, turns=60, noise=0)
    sink = sink_of(data)
    candidates = sink.find()
    proposal = format_framings(candidates, sink.read)
    assert 'delimiter = {end = "7E", escape = "7D", xor = 0x20}' in proposal
    assert len(frames_by(proposal, data)) == 60
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert found["delimiter"] == {"end": "7e", "escape": "7d", "xor": 0x20}


@pytest.mark.parametrize(
    ("kind", "keys", "text"),
    [
        (
            DLE,
            {"begin": "1002", "end": "1003", "escape": "10"},
            "begins with 10 02 and ends with",
        ),
        (COBS, {"end": "00", "coding": "cobs"}, "each frame ends with 00, stuffed by COBS"),
    ],
    ids=["DLE", "COBS"],
)
def test_two_ends_and_stuffing_become_those_of_a_definition(
    kind: Delimiter, keys: dict[str, object], text: str
) -> None:
    chance, frames = random.Random(5), []
    for number in range(30):
        content = bytes([0x10, 0, number]) + chance.randbytes(1 + number % 9)
        frames.append(kind.wrap(content + list_crcs()["CRC-16/XMODEM"].compute(content).to_bytes(2, "big")))
    data = b"".join(frames)
    candidates = find_delimited(data)[:1]
    proposal = format_framings(candidates, len(data))
    assert b"".join(frames_by(proposal, data)).strip(b"\0") == data.strip(b"\0")
    assert text in [*list_parts(candidates[0])][1]
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert found["delimiter"] == keys


def test_lines_with_a_check_in_digits_become_a_link_with_it() -> None:
    data = make_traffic(nmea, 1, turns=30, noise=0)
    candidates = find_delimited(data)[:1]
    proposal = format_framings(candidates, len(data))
    assert 'check = {name = "xor", size = 1, from = 1, digits = "upper", mark = "2A"}' in proposal
    assert b"".join(frames_by(proposal, data)) == data
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert found["check"] == {"name": "xor", "size": 1, "order": "big", "from": 1, "digits": "upper", "mark": "2a"}


@pytest.mark.parametrize("maker", LINES.values(), ids=LINES)
def test_a_check_after_the_end_becomes_one_of_a_definition(maker: LineMaker) -> None:
    """What stands between frames are answers of one or two bytes."""
    data = make_traffic(maker.build, 1, turns=60, noise=0)
    (best, *_) = candidates = find_end_checks(data)
    assert best.check
    found = frames_by(format_framings(candidates, len(data)), data)
    assert len(found) == best.frames
    assert sum(map(len, found)) >= 0.85 * len(data)
    (described, *_) = json.loads(format_framings_json(candidates))["candidates"]
    assert described["delimiter"]["end"] == maker.end
    check = described["check"]
    assert (check["behind"], check["end_bytes"]) == ("end", len(bytes.fromhex(maker.covered)))


def test_a_check_of_what_digits_stand_for_becomes_one_of_a_definition() -> None:
    """Frames of Modbus ASCII: Modbus over serial line, section 2.5."""
    bodies = [bytes([0x11, 3, 0, number, 0, 1 + number % 5]) for number in range(0, 200, 7)]
    data = b"".join(b":" + (one + bytes([-sum(one) & 255])).hex().upper().encode() + b"\r\n" for one in bodies)
    candidates = find_delimited(data)[:1]
    proposal = format_framings(candidates, len(data))
    assert 'check = {name = "sum negated", size = 1, from = 1, digits = "upper", covers = "digits"}' in proposal
    assert b"".join(frames_by(proposal, data)) == data
    assert "from byte 1, of what the digits stand for" in [*list_parts(candidates[0])][-1]
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert found["check"]["covers"] == "digits"


def test_a_check_of_fletcher_becomes_one_of_a_definition() -> None:
    """UBX of u-blox: `B5 62`, class, identifier, length, payload, two sums of what is after the head."""
    chance, frames = random.Random(5), []
    for number in range(30):
        size = number % 7
        body = bytes([1, 7, size, 0]) + chance.randbytes(size)
        frames.append(b"\xb5\x62" + body + build_fletcher("Fletcher-16/256")(body).to_bytes(2, "little"))
    data = b"".join(frames)
    candidates = sink_of(data).find()
    proposal = format_framings(candidates, len(data))
    assert 'check = {name = "Fletcher-16/256", size = 2, order = "little", from = 2}' in proposal
    assert frames_by(proposal, data) == frames


def test_a_length_in_words_becomes_one_of_a_definition() -> None:
    chance, frames = random.Random(7), []
    for number in range(40):
        body = b"\xaa\x55" + bytes([number % 3, count := 1 + number % 5]) + chance.randbytes(2 * count)
        frames.append(body + list_crcs()["CRC-16/MODBUS"].compute(body).to_bytes(2, "little"))
    data = b"".join(frames)
    candidates = sink_of(data).find()
    proposal = format_framings(candidates, len(data))
    assert "length = {at = 3, size = 1, adds = 6, unit = 2}" in proposal
    assert frames_by(proposal, data) == frames
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert found["length"] == {"at": 3, "size": 1, "order": "big", "adds": 6, "unit": 2}


def test_a_sum_with_a_constant_becomes_one_of_a_definition() -> None:
    chance, frames = random.Random(6), []
    for number in range(40):
        body = b"\xc8\x7f" + bytes([number % 7 + 4]) + chance.randbytes(number % 7)
        frames.append(body + bytes([sum(body) & 255 ^ 0x55]))
    data = b"".join(frames)
    candidates = sink_of(data).find()
    proposal = format_framings(candidates, len(data))
    assert 'check = {name = "sum", size = 1, final_xor = 0x55}' in proposal
    assert frames_by(proposal, data) == frames
    assert json.loads(format_framings_json(candidates))["candidates"][0]["check"]["final_xor"] == 0x55


@pytest.mark.parametrize("name", ["daly", "soyosource"])
def test_several_sizes_become_a_link_with_them(name: str) -> None:
    data = bytes.fromhex(CAPTURES[name])
    candidates = [*propose_chains(data)][:1]
    proposal = format_framings(candidates, len(data))
    assert b"".join(frames_by(proposal, data)) == data
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert [size["direction"] for size in found["sizes"]] == ["a>b", "b>a"]
    assert found["frames"] == found["of"]


def test_what_is_equal_is_reported() -> None:
    sink = sink_of(make_traffic(MAKERS["mhz19"].build, 1, turns=24, noise=0))
    candidates = sink.find()
    proposal = format_framings(candidates, sink.read)
    assert "# Not certain, as these explain the same frames equally:" in proposal
    assert "# - check sum inverted (1 byte), from byte 0" in proposal
    assert "# - head FF 86" in proposal
    (found,) = json.loads(format_framings_json(candidates))["candidates"]
    assert (found["certain"], found["chance"]) == (False, pytest.approx(2 / 3))
    assert found["check"] == {"name": "sum negated", "size": 1, "order": "big", "from": 1}
    assert found["equal"][0]["check"] == {"name": "sum inverted", "size": 1, "order": "big", "from": 0}


def test_known_boards_that_fit_are_named_first() -> None:
    sink = sink_of(b"".join(bytes.fromhex(frame) for frame in (*WRITE_ANSWERS, *WRITE_ANSWERS)))
    boards = sink.find_boards(load_board_routes())
    proposal = format_framings(sink.find(), sink.read, boards)
    assert proposal.startswith(
        "# These bytes fit the board jbd: 8 frames, 100% of the bytes.\n# To use it: --definition jbd\n"
    )
    assert "Undetermined" not in proposal
    load(packaged_files(), [("proposal.toml", proposal)])
    assert json.loads(format_framings_json([], boards))["boards"] == [{"name": "jbd", "frames": 8, "covered": 1.0}]
