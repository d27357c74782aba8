"""The lines of hex text as JSON objects and pages carry them."""

import json

import pytest

from sniffer.formats.text_files.hex_carrier import HexCarrier, find_hex_carrier

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEX = FRAME.hex(" ")
TIME = "2026-01-15T08:59:48.001Z"
EPOCH = "1768467588.001000000"


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"log": f"RX: {HEX}\n", "stream": "stdout", "time": TIME}, [f"{TIME} RX: {HEX}"]),
        ({"__REALTIME_TIMESTAMP": "1768467588001000", "MESSAGE": HEX, "PRIORITY": "6"}, [f"{EPOCH} {HEX}"]),
        ({"ts": 1768467588001, "dir": "rx", "hex": FRAME.hex()}, [f"{EPOCH} rx: {FRAME.hex()}"]),
        ({"payload": {"type": "Buffer", "data": list(FRAME)}}, [HEX]),
        ({"_source": {"@timestamp": TIME, "message": f"10:00:01 TX: {HEX}"}}, [f"10:00:01 TX: {HEX}"]),
        ({"result": [{"values": [["1768467588001000000", HEX], [TIME, HEX]]}]}, [f"{EPOCH} {HEX}", f"{TIME} {HEX}"]),
        ([TIME, "RX", HEX], [f"{TIME} RX: {HEX}"]),
        (list(FRAME), [HEX]),
        ([byte - 256 if byte > 127 else byte for byte in FRAME], [HEX]),
        ([hex(byte) for byte in FRAME], [HEX]),
        ({"version": 2, "width": 80, "height": 24}, None),
        ({"level": "info", "id": 42}, None),
    ],
)
def test_an_object_gives_its_bytes_with_their_time_and_direction(value: object, lines: list[str] | None) -> None:
    line = json.dumps(value)
    assert find_hex_carrier([line]) is HexCarrier.JSON
    assert HexCarrier.JSON.unwrap(line) == lines


def test_lines_that_are_no_objects_stay() -> None:
    assert HexCarrier.JSON.unwrap("{hello") == ["{hello"]
    assert HexCarrier.JSON.unwrap(HEX) == [HEX]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (f'<span style="color:#aabbcc">{HEX}</span>', [HEX]),
        (f"{HEX}<br>{HEX}<BR/>", [HEX, HEX]),
        (f"<tr><td>{TIME}</td><td>RX</td><td>{HEX}</td></tr>", [f"{TIME} RX {HEX} "]),
        (HEX.replace(" ", "&nbsp;") + "<p>", [HEX]),
        ("</table>", [""]),
    ],
)
def test_a_page_is_read_without_its_tags(line: str, lines: list[str]) -> None:
    assert find_hex_carrier([line]) is HexCarrier.HTML
    assert HexCarrier.HTML.unwrap(line) == lines


@pytest.mark.parametrize("lines", [[], [HEX], ["<BB><DD>"], ["{ 0xBB, 0xDD }"], ["[10:00:01] Rx <= BB"]])
def test_other_lines_have_no_carrier(lines: list[str]) -> None:
    assert find_hex_carrier(lines) is None
