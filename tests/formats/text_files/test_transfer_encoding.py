"""Texts that were encoded to be sent."""

import base64
import quopri

import pytest

from sniffer.formats.text_files import transfer_encoding
from sniffer.formats.text_files.line_decoder import LineDecoder, find_encoding
from sniffer.formats.text_files.transfer_encoding import TransferDecoder, TransferEncoding, find_transfer_encoding

LINE = "[10:00:01] <=pwrboard:" + bytes(range(40)).hex(" ").upper()
TEXT = f"{LINE}\r\nx = 45 \xb0C\r\n{LINE}\r\n"
QUOTED = quopri.encodestring(TEXT.encode()).decode()
ENCODED = base64.encodebytes(TEXT.encode()).decode()
HEADERS = "From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n"
PART = "--b\nContent-Transfer-Encoding: {}\n\n{}\n"


def lines_of(text: str, size: int = 1 << 16) -> list[str]:
    data = text.encode()
    decoder = LineDecoder(find_encoding(data))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [line for piece in pieces for line in decoder.feed(piece)] + decoder.finish()


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    "text",
    [
        QUOTED,
        QUOTED.rstrip(),
        ENCODED,
        ENCODED.replace("\n", ""),
        f"{HEADERS}Content-Transfer-Encoding: quoted-printable\r\n\r\n{QUOTED}",
        f"{HEADERS}Content-Transfer-Encoding: base64\r\n\r\n{ENCODED}",
        f"{HEADERS}\r\n{PART.format('BASE64', ENCODED)}{PART.format('7bit', 'BB=DD')}--b--\n",
    ],
)
def test_a_text_is_read_as_it_was_before_it_was_sent(text: str, size: int) -> None:
    assert [line for line in lines_of(text, size) if line in TEXT.splitlines()] == TEXT.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data=BB DD\ndata=AA 00\n",
        "=>pwrboard:AA\n",
        "x = 3D\n",
        "bbdddd3206592a596859ad6b\n",
        "BBDDDD3206592A59\nAAEEEE040101BF44\n",
        "headers1\nreadings\n",
        "Online=FALSE\nAPN=\n",
        "a" * 90 + "=3D\n",
        base64.b64encode(bytes(range(256))).decode(),
    ],
)
def test_other_texts_are_not_encoded(text: str) -> None:
    assert find_transfer_encoding(text.encode()) is TransferEncoding.NONE
    assert lines_of(text) == text.splitlines()


def test_what_is_no_base64_in_a_body_stays() -> None:
    decoder = TransferDecoder(TransferEncoding.BASE64)
    assert decoder.feed(b"x\n") + decoder.finish() == b"x\n"


def test_a_line_without_an_end_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_encoding, "_MOST_WAITING", 10)
    decoder = TransferDecoder(TransferEncoding.BASE64)
    encoded = base64.b64encode(bytes(20))
    assert decoder.feed(encoded[:18]) == bytes(12)
    assert decoder.feed(encoded[18:]) + decoder.finish() == bytes(8)


def test_lines_that_were_encoded_one_by_one_stay_lines() -> None:
    lines = ["APN=", "10:00:01 RX BB DD DD 32 06 59", "10:00:02 TX AA EE EE 04 01 01 BF 44"]
    text = "".join(f"{base64.b64encode(line.encode()).decode()}\n" for line in lines)
    assert find_transfer_encoding(text.encode()) is TransferEncoding.BASE64_LINES
    assert lines_of(text) == lines
    whole = base64.encodebytes("\n".join(lines * 3).encode())
    assert find_transfer_encoding(whole) is TransferEncoding.BASE64
