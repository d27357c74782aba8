"""The lines of hex text as JSON objects and pages carry them."""

import pytest

from sniffer.formats.text_files.carriers.hex_carrier import HexCarrier, find_hex_carrier

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEX = FRAME.hex(" ")
TIME = "2026-01-15T08:59:48.001Z"


def test_an_object_gives_its_bytes() -> None:
    line = f'{{"time": "{TIME}", "direction": "rx", "hex": "{HEX}"}}'
    assert find_hex_carrier([line]) is HexCarrier.JSON
    assert HexCarrier.JSON.unwrap(line) == [f"{TIME} rx: {HEX}"]
    assert HexCarrier.JSON.unwrap('{"level": "info", "id": 42}') is None


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (
            f'08:59:48 MQT: tele/x/RESULT = {{"SerialReceived":"{HEX}"}}',
            [f"08:59:48 MQT: tele/x/RESULT = Received: {HEX}"],
        ),
        (f'08:59:48 RSL: RESULT = {{"Time":"{TIME}","SerialReceived":"{HEX}"}}', [f"{TIME} Received: {HEX}"]),
        (f'08:59:48 RSL: STATE = {{"Time":"{TIME}","Vcc":3}}', None),
    ],
)
def test_an_object_may_stand_after_other_words(line: str, lines: list[str] | None) -> None:
    assert find_hex_carrier([line]) is (HexCarrier.JSON if lines else None)
    assert HexCarrier.JSON.unwrap(line) == (lines or [line])


def test_lines_that_are_no_objects_stay() -> None:
    assert HexCarrier.JSON.unwrap("{hello") == ["{hello"]
    assert HexCarrier.JSON.unwrap(HEX) == [HEX]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (f'<span style="color:#aabbcc">{HEX}</span>', [HEX]),
        (f"{HEX}<br>{HEX}<BR/>", [HEX, HEX]),
        (f"<tr><td>{TIME}</td><td>RX</td><td>{HEX}</td></tr>", [f"{TIME} RX {HEX}  "]),
        (HEX.replace(" ", "&nbsp;") + "<p>", [HEX]),
        ("<tr><td><pre>bb dd 30 37</pre></td><td><pre>..07</pre></td></tr>", ["bb dd 30 37  ..07 "]),
        ("<tr><td>bb</td><td>dd</td></tr>", ["bb dd "]),
        ("</table>", [""]),
    ],
)
def test_a_page_is_read_without_its_tags(line: str, lines: list[str]) -> None:
    assert find_hex_carrier([line]) is HexCarrier.HTML
    assert HexCarrier.HTML.unwrap(line) == lines


def test_an_exported_journal_has_a_field_on_each_line() -> None:
    lines = ["__REALTIME_TIMESTAMP=1768467588001000", "_BOOT_ID=0123456789abcdef", f"MESSAGE=RX: {HEX}", ""]
    assert find_hex_carrier(lines) is HexCarrier.JOURNAL
    assert [HexCarrier.JOURNAL.unwrap(line) for line in lines] == [["1768467588.001000"], None, [f"RX: {HEX}"], [""]]


@pytest.mark.parametrize("lines", [[], [HEX], ["<BB><DD>"], ["{ 0xBB, 0xDD }"], ["[10:00:01] Rx <= BB"]])
def test_other_lines_have_no_carrier(lines: list[str]) -> None:
    assert find_hex_carrier(lines) is None


@pytest.mark.parametrize(
    ("head", "carrier"),
    [
        ('{"version": 2, "width": 80, "height": 24}', HexCarrier.RECORDING),
        ('{"version": 3, "term": {"cols": 80}}', HexCarrier.STEPS),
    ],
)
def test_a_recorded_terminal_is_known_by_its_first_line(head: str, carrier: HexCarrier) -> None:
    assert find_hex_carrier([head, f'[0.5, "o", "{HEX}"]']) is carrier
    assert carrier.unwrap(f'[0.5, "o", "{HEX}"]') == [f"0.500000 {HEX}"]
