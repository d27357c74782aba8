"""Frames as fields with names, and bytes with their places."""

import pytest

from sniffer.formats.text_files.notations.named_fields import (
    find_fields,
    find_placed,
    rewrite_fields,
    rewrite_placed,
)

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
FIELDS = "10:00:01 RX head=0xBB seq=0xDDDD cmd=0x32 len={length} payload={payload} crc=0x6BBC"


@pytest.mark.parametrize("length", ["6", "06", "0x06"])
@pytest.mark.parametrize("payload", ["592A596859AD", "59 2A 59 68 59 AD", "59-2A-59-68-59-AD"])
def test_fields_that_make_a_frame_are_its_bytes(length: str, payload: str) -> None:
    line = FIELDS.format(length=length, payload=payload)
    assert find_fields(line) == FRAME
    assert rewrite_fields(line).strip() == f"10:00:01 RX {FRAME.hex(' ')}"


def test_a_length_without_a_sign_may_be_decimal() -> None:
    frame = bytes.fromhex("BB1FF6010B01000600000000000C241C4137")
    line = "head=BB seq=1FF6 cmd=01 len=11 data=01000600000000000C241C crc=4137"
    assert find_fields(line) == frame
    assert find_fields(line.replace("len=11", "len=0B")) == frame


def test_a_frame_with_a_wrong_check_is_one() -> None:
    line = FIELDS.format(length=6, payload="592A596859AE")
    assert find_fields(line) == FRAME[:10] + b"\xae" + FRAME[11:]


@pytest.mark.parametrize("line", ["temp=25 volt=23 amps=16 fault=0", "head=0xBB seq=0xDDDD cmd=0x32", "a=BB b=DD"])
def test_other_fields_are_no_bytes(line: str) -> None:
    assert find_fields(line) == b""
    assert rewrite_fields(line) == line


@pytest.mark.parametrize(
    "form", ["rx[{at}]=0x{byte:02X}, ", "rx[{at}] = {byte:02x}; ", "b{at}={byte:02X} ", "{at}:{byte:02X} "]
)
def test_bytes_with_places_are_read_in_their_order(form: str) -> None:
    line = "".join(form.format(at=at, byte=byte) for at, byte in enumerate(FRAME))
    assert find_placed(line) == FRAME
    assert FRAME.hex(" ") in rewrite_placed(line)


def test_places_must_count_up() -> None:
    assert find_placed("a[0]=BB a[2]=DD a[3]=32 a[4]=06") == b""
    assert rewrite_placed("a[0]=BB a[2]=DD a[3]=32 a[4]=06") == "a[0]=BB a[2]=DD a[3]=32 a[4]=06"
