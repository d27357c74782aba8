"""Texts in Base64 that hold an object or a line of hex text."""

from base64 import b64encode

import pytest

from sniffer.formats.text_files.carriers.json_texts import decode_text, may_hold_text, open_text

HEX = "bb dd dd 32 06 59 2a 59 68 59 ad 6b bc"


def encode(data: bytes) -> str:
    return b64encode(data).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (encode(b'{"dir": "rx", "hex": 1}'), {"dir": "rx", "hex": 1}),
        (encode(b"[1, 2, 3, 4, 5, 6, 7]"), [1, 2, 3, 4, 5, 6, 7]),
        (encode(f"RX {HEX}\n".encode()), f"RX {HEX}"),
    ],
)
def test_what_is_encoded_is_opened(value: object, expected: object) -> None:
    assert open_text(value) == expected
    assert may_hold_text(value)


@pytest.mark.parametrize(
    "value",
    [
        1,
        None,
        HEX,
        encode(bytes.fromhex(HEX)),
        encode(b'{"dir": "rx", "hex" 1}'),
        encode(b"a text without any bytes"),
        encode(b"\x01\x02\x03 control characters"),
        encode("über die Leitung der Säule".encode()),
    ],
)
def test_all_else_stays(value: object) -> None:
    assert open_text(value) == value


@pytest.mark.parametrize("value", [1, "", "abcd", HEX.replace(" ", "") + "00", "a word of 21 characters"[:21]])
def test_most_values_cannot_be_encoded(value: object) -> None:
    assert not may_hold_text(value)


def test_a_text_is_decoded_if_it_can_be_printed() -> None:
    assert decode_text(encode(b"a text of some words\n")) == "a text of some words"
    assert decode_text(encode(bytes(20))) is None
    assert decode_text("no Base64, but of 32 characters.") is None
