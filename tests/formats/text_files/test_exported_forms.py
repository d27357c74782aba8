"""Forms in which analysers, queues and packet tools export bytes: the least text of each, and the bytes in it."""

import json
from base64 import b64encode

import pytest

from sniffer.formats.text_files.text_misfit import describe_misfit
from sniffer.formats.text_files.text_shape import find_text_shape
from tests.formats.text_files.test_program_forms import FRAME, HEX, OTHER, bytes_of, read

TIME = "2026-01-15T08:59:48.001Z"
MILLISECONDS = 1_768_467_588_001


def encode(text: str | bytes) -> str:
    return b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize(
    ("members", "way", "time"),
    [
        ({"enqueuedTime": TIME, "Body": encode(json.dumps({"dir": "rx", "frame": FRAME.hex()}))}, "", MILLISECONDS),
        ({"partitionKey": "evse-1", "data": encode(f"{TIME} rx {HEX}")}, "", MILLISECONDS),
        ({"data": encode(FRAME), "messageId": "1234567890", "publishTime": TIME}, "", MILLISECONDS),
        ({"data": encode(FRAME), "approximateArrivalTimestamp": 1768467588.001}, "", MILLISECONDS),
        ({"timeUnixNano": "1768467588001000000", "body": {"stringValue": f"rx {HEX}"}}, "", MILLISECONDS),
    ],
)
def test_queues_pass_bytes_and_texts_on_in_base64(members: dict[str, object], way: str, time: int) -> None:
    assert read(json.dumps(members)) == [(way, time, FRAME)]


def trace(*lines: str) -> str:
    """Return a trace in which each byte of a frame has an event for its begin and one for its end."""
    events = [
        {"ph": phase, "ts": at * 1000 + step, "pid": "uart-1", "tid": line, "name": f"{byte:02X}"}
        for line, data in zip(lines, (FRAME, OTHER), strict=False)
        for at, byte in enumerate(data)
        for phase, step in (("B", 0), ("E", 900))
    ]
    bit = {"ph": "B", "ts": 1, "pid": "uart-1", "tid": "RX bits", "name": "1"}
    return '{"traceEvents": [\n' + ",\n".join(map(json.dumps, [*events, bit])) + "\n]}\n"


def test_a_trace_of_sigrok_has_an_event_for_each_byte() -> None:
    found = read(trace("RX", "TX"))
    assert b"".join(data for way, _, data in found if way == "RX") == FRAME
    assert b"".join(data for way, _, data in found if way == "TX") == OTHER
    assert [time for _, time, _ in found][: len(FRAME)] == [*range(len(FRAME))]
    assert find_text_shape(trace("main", "idle").encode()) is None


def test_an_event_of_a_trace_may_have_bytes_as_its_argument() -> None:
    event = {"name": "frame", "ph": "X", "ts": 1_000_000, "dur": 9, "tid": "Rx", "args": {"data": FRAME.hex()}}
    assert read(json.dumps([event])) == [("", 1000, FRAME)]


def test_what_stands_after_an_array_does_not_repeat_its_last_object() -> None:
    assert bytes_of(f'[{{"dir": "rx", "hex": "{HEX}"}}] done\n') == FRAME


@pytest.mark.parametrize("form", ["{:d}", "{:03o}", "{:08b}", "{:02X}"])
def test_the_decoder_of_an_analyser_prints_a_byte_a_line(form: str) -> None:
    assert bytes_of("".join(f"uart-1: {form.format(byte)}\n" for byte in FRAME)) == FRAME


def test_the_decoder_of_an_analyser_may_print_characters() -> None:
    shown = (chr(byte) if 32 <= byte < 127 else f"[{byte:02X}]" for byte in FRAME)
    assert bytes_of("".join(f"uart-1: {one}\n" for one in shown)) == FRAME


def test_bits_beside_the_bytes_of_an_analyser_are_none() -> None:
    bits = "".join(f"uart-1: Start bit\nuart-1: 1\nuart-1: 0\nuart-1: {byte}\n" for byte in FRAME)
    assert find_text_shape(bits.encode()) is None
    assert bytes_of("".join(f"uart-1: 0\nuart-1: {byte:02X}\n" for byte in FRAME)) == FRAME


@pytest.mark.parametrize(
    "text",
    [
        f"RX ({', '.join(f'16#{byte:02X}#' for byte in FRAME)})",
        f"RX {' '.join(chr(39).join(('8', f'h{byte:02X}')) for byte in FRAME)}",
        "RX " + "".join(f"#${byte:02X}" for byte in FRAME),
        'RX "' + "".join(chr(byte) if 32 <= byte < 127 else f"\\{byte:03}" for byte in FRAME) + '"',
        f"D/UartPort(1234): recv {len(FRAME)}: {HEX}",
        f"uart:rx: {{ len = 13, data = [ {', '.join(f'[{at}] = 0x{byte:X}' for at, byte in enumerate(FRAME))} ] }}",
        f"RX {FRAME[:-2].hex(' ')} crc={FRAME[-2:].hex()}",
        f"RX {FRAME[:-2].hex(' ')} (CRC 0x{FRAME[-2:].hex()})",
    ],
    ids=["ada", "verilog", "delphi", "ocaml", "count", "places", "check", "check in parentheses"],
)
def test_languages_have_signs_of_their_own(text: str) -> None:
    assert bytes_of(f"{text}\n") == FRAME


def test_the_log_of_a_controller_counts_milliseconds() -> None:
    rows = f"0x3ffb1000   {FRAME[:8].hex(' ')}  {FRAME[8:].hex(' ')}  |...2.Y*YhY.k.|"
    text = f"I (3001) uart_rx: {rows}\nI (3501) uart_tx: 0x3ffb1000   {OTHER.hex(' ')}  |.......D|\n"
    assert read(text) == [("rx", 3001, FRAME), ("tx", 3501, OTHER)]
    assert read(f"I (3001) uart: rx {HEX}\n") == [("", 3001, FRAME)]


def test_a_check_that_does_not_fit_is_no_part_of_the_bytes() -> None:
    assert bytes_of(f"RX {FRAME[:-2].hex(' ')} crc=1234\n") != FRAME[:-2] + b"\x12\x34"


def test_a_trace_of_the_kernel_has_seconds_before_a_colon() -> None:
    assert read(f"uartd-411 [000] .... 100.001000: uart_rx: data={FRAME.hex()}\n") == [("", 100_001, FRAME)]


@pytest.mark.parametrize(
    "text",
    [
        "2001:db8:aa:bb:cc:dd:ee:ff\nfe80::aabb:ccff:fedd:eeff\n",
        '[2,"a1b2c3d4","MeterValues",{"connectorId":1}]\n',
        "  10    0011.2233.4455    DYNAMIC     Gi0/1\n  10    00aa.bbcc.ddee    DYNAMIC     Gi0/2\n",
    ],
    ids=["addresses", "identifiers", "numbers in a table"],
)
def test_numbers_of_other_texts_are_no_bytes(text: str) -> None:
    assert find_text_shape(text.encode()) is None


@pytest.mark.parametrize("separator", ["\t", ","])
def test_fields_of_packets_have_the_event_before_their_bytes(separator: str) -> None:
    rows = [("1768467588.001", "0x02", FRAME.hex()), ("1768467588.501", "0x01", OTHER.hex())]
    head = "" if separator == "\t" else "frame.time_epoch,rtacser.eventtype,data.data\n"
    found = read(head + "".join(separator.join(row) + "\n" for row in rows))
    assert [(time, data) for _, time, data in found] == [(MILLISECONDS, FRAME), (MILLISECONDS + 500, OTHER)]
    assert len({way for way, _, _ in found}) == 2


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("libsigrok 0.5.2\nAcquisition with 2/2 channels at 100 kHz\n0:ff ff ff ff ff ff ff ff 55\n", "sigrok-cli -i"),
        ("; CSV generated by libsigrok 0.5.2\nlogic,logic\n1,1\n0,1\n", "sigrok-cli -i"),
        ("    1 0.000 → RTAC Serial 25 DATA_RX_START\n    2 0.099 → RTAC Serial 249 DATA_RX_START\n", "tshark -r"),
    ],
    ids=["samples", "samples in a table", "packets"],
)
def test_texts_without_bytes_are_named(text: str, instead: str) -> None:
    assert find_text_shape(text.encode()) is None
    assert instead in describe_misfit(text.splitlines())
