"""Bytes that are printed otherwise than as two hexadecimal digits each."""

import base64
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.notations.byte_notation import ByteNotation, find_notation, is_coded, rewrite

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
OTHER = bytes.fromhex("AAEEEE040101BF44")


def literal(data: bytes) -> str:
    return f"Rx: {data!r}"


def enclosed(data: bytes) -> str:
    return "".join(f"<{byte:02X}>" for byte in data)


def octal(data: bytes) -> str:
    return "".join(f"\\{byte:03o}" for byte in data)


def signed(data: bytes) -> str:
    return str([byte - 256 if byte > 127 else byte for byte in data])


def escaped(data: bytes) -> str:
    return '"' + "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\x{byte:02X}" for byte in data) + '"'


def numbered(data: bytes) -> str:
    return "".join(f"{chr(byte) if 33 <= byte < 127 else '<NUL>'} ({byte:03}) " for byte in data)


NOTATIONS: dict[ByteNotation, Sequence[Callable[[bytes], str]]] = {
    ByteNotation.LITERAL: [literal, lambda data: repr(bytearray(data)), lambda data: f"10:00:01.5 DEBUG {data!r}"],
    ByteNotation.ENCLOSED: [
        enclosed,
        lambda data: "".join(f"[{byte:02x}]" for byte in data),
        lambda data: " ".join(f"(0x{byte:02x})" for byte in data),
        lambda data: " ".join(f"${byte:02X}" for byte in data),
        lambda data: str([hex(byte) for byte in data]),
        lambda data: "(" + ", ".join(f'x"{byte:02X}"' for byte in data) + ");",
    ],
    ByteNotation.BINARY: [
        lambda data: " ".join(f"{byte:08b}" for byte in data),
        lambda data: ",".join(f"0b{byte:08b} (0x{byte:02X})" for byte in data),
    ],
    ByteNotation.DECIMAL: [
        lambda data: str(list(data)),
        lambda data: f"10:00:01.123 -> {' '.join(map(str, data))}",
        lambda data: ", ".join(f"{byte:3}" for byte in data),
        lambda data: "   " + "   ".join(f"{byte:3}" for byte in data),
        lambda data: f"byte:{' '.join(map(str, data))}",
        lambda data: ",".join(map(str, data)),
        lambda data: f"Uint8Array({len(data)}) {list(data)}",
        signed,
    ],
    ByteNotation.SHORT: [
        lambda data: f"10:00:01.123 -> {' '.join(f'{byte:X}' for byte in data)} ",
        lambda data: " ".join(map(hex, data)),
        lambda data: f"[]byte{{{', '.join(map(hex, data))}}}",
        lambda data: str([f"{byte:x}" for byte in data]),
        lambda data: f"$1 = {{{', '.join(map(hex, data))}}}",
    ],
    ByteNotation.C_STRING: [lambda data: f'read(3, "{octal(data)}", 255) = {len(data)}', escaped],
    ByteNotation.NUMBERED: [numbered],
    ByteNotation.PREFIXED: [
        lambda data: f"10:00:01 RX {''.join(f'%{byte:02X}' for byte in data)}",
        lambda data: f"{', '.join(f'&H{byte:02X}' for byte in data)} _",
        lambda data: f'"{"".join(f"{chr(92)}u{byte:04x}" for byte in data)}"',
        lambda data: " ".join(f"h{byte:02X}" for byte in data),
        lambda data: "db " + ", ".join(str(byte) if byte < 10 else f"{byte:03X}h" for byte in data),
    ],
    ByteNotation.ESCAPED_DECIMAL: [lambda data: f'RX: "{"".join(f"{chr(92)}{byte:03}" for byte in data)}"'],
    ByteNotation.PAIRS: [lambda data: data.hex(" "), lambda data: f"Rx: {data.hex()}"],
}
CASES = [(notation, write) for notation, writers in NOTATIONS.items() for write in writers]


@pytest.mark.parametrize(("notation", "write"), CASES)
def test_a_notation_is_found_and_read(notation: ByteNotation, write: Callable[[bytes], str]) -> None:
    lines = ["a session", write(FRAME), "", write(OTHER)]
    assert find_notation(lines) is notation
    read = [parsed.data for line in lines if (parsed := parse_hex_line(rewrite(line, notation)))]
    assert read == [FRAME, OTHER]


@pytest.mark.parametrize(("notation", "write"), CASES)
@given(data=st.binary(min_size=8, max_size=40))
def test_any_bytes_are_read_back(notation: ByteNotation, write: Callable[[bytes], str], data: bytes) -> None:
    parsed = parse_hex_line(rewrite(write(data), notation))
    assert parsed
    assert parsed.data == data


@pytest.mark.parametrize(
    ("notation", "form"), [(ByteNotation.DECIMAL, "{}"), (ByteNotation.DECIMAL, "{},"), (ByteNotation.SHORT, "{:X}")]
)
def test_a_number_may_stand_on_each_line(notation: ByteNotation, form: str) -> None:
    lines = [form.format(byte) for byte in OTHER]
    assert find_notation(lines) is notation
    assert bytes.fromhex("".join(rewrite(line, notation) for line in lines).replace(",", "")) == OTHER


def test_records_of_intel_hex_have_a_checksum() -> None:
    lines = [":08000000AAEEEE040101BF446A", ":00000001FF"]
    assert find_notation([lines[0][:-1] + "0"]) is ByteNotation.PAIRS
    checked = [":08000000AAEEEE040101BF44%02X" % (-sum(bytes.fromhex("08000000AAEEEE040101BF44")) & 255), lines[1]]
    assert find_notation(checked) is ByteNotation.INTEL_HEX
    assert [rewrite(line, ByteNotation.INTEL_HEX) for line in checked] == [OTHER.hex(" "), ""]


def test_s_records_have_a_checksum() -> None:
    lines = ["S0030000FC", f"S10B0000{OTHER.hex()}%02X" % (~sum(b"\x0b" + OTHER) & 255), "S9030000FC"]
    assert find_notation([f"{lines[1][:-1]}X"]) is ByteNotation.PAIRS
    assert find_notation(lines) is ByteNotation.S_RECORDS
    assert [rewrite(line, ByteNotation.S_RECORDS) for line in lines] == ["", OTHER.hex(" "), ""]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["hello"],
        ["see b'nothing'"],
        ["12 34 56 78 90 12 34 56"],
        ["252 231 073 000 042 000 377"],
        ["300 20 30 40 50 60 70 80"],
        ["5 BB DD DD 32 06 59 2A"],
        ["BB DD DD 32 06 59 2A 5"],
        ["SIZES = (0, 4, 6, 11, 24, 6, 8, 34, 6, 4)"],
        ['%3d %3d %3d %3d %3d %3d %3d %3d"'],
        ['_NOT_TEXT = rb"[^\\t\\x1b\\x20-\\x7e]"'],
        ["BB DD DD 32 06 59 2A", "ends with 5"],
        ["10 20 30"],
    ],
)
def test_other_texts_are_pairs(lines: list[str]) -> None:
    assert find_notation(lines) is ByteNotation.PAIRS


@pytest.mark.parametrize("notation", list(ByteNotation))
@pytest.mark.parametrize("line", ["", "hello", "Rx:", "b'\\xzz'", "[", "]"])
def test_a_line_without_bytes_stays(notation: ByteNotation, line: str) -> None:
    assert rewrite(line, notation) == line


@pytest.mark.parametrize("form", ["{}", "10:00:01 RX: {}", "  data: '{}',"])
def test_base64_is_known_by_the_frames_in_it(form: str) -> None:
    lines = [form.format(base64.b64encode(data).decode()) for data in (FRAME, OTHER)]
    assert find_notation(lines) is ByteNotation.BASE64
    read = [parsed.data for line in lines if (parsed := parse_hex_line(rewrite(line, ByteNotation.BASE64)))]
    assert read == [FRAME, OTHER]
    assert find_notation(["packages", "readings"]) is ByteNotation.PAIRS


def test_characters_and_codes_are_known_by_the_frames_in_them() -> None:
    coded = "RX: " + "".join(chr(byte) if 32 < byte < 127 else f"<{byte:02X}>" for byte in FRAME)
    assert is_coded([coded], ByteNotation.PAIRS)
    assert not is_coded([coded[:-4]], ByteNotation.PAIRS)
    assert not is_coded([FRAME.hex(" ")], ByteNotation.PAIRS)


def test_assembly_repeats_a_number() -> None:
    assert rewrite("buf db 0BBh, 3 dup(0), 6", ByteNotation.PREFIXED) == "buf bb 00 00 00 06"
