"""Bytes of a text to lines: encodings, line ends, colour codes and NUL bytes, however the bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.text_files import line_decoder
from sniffer.formats.text_files.line_decoder import MAX_LINE, LineDecoder, TextEncoding, clean_line, find_encoding

TEXT = "717 [comproc] boardtemp = 45 °C\nCom boot!\n"


def lines_of(data: bytes, size: int = 1 << 16) -> list[str]:
    decoder = LineDecoder(find_encoding(data))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [line for piece in pieces for line in decoder.feed(piece)] + decoder.finish()


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("latin-1"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\n\r").encode().removesuffix(b"\r"),
        TEXT.replace("\n", "\r").encode(),
        bytes(4000) + TEXT.encode() + bytes(7),
        TEXT.replace("Com", "\x1b[1;32mCom\x1b[0m\x1b[K").encode(),
    ],
    ids=[
        "utf8",
        "bom",
        "latin1",
        "utf16",
        "le",
        "be",
        "be-bom",
        "utf32",
        "utf32-be",
        "crlf",
        "lfcr",
        "cr",
        "nul",
        "color",
    ],
)
def test_the_same_lines_come_out_however_they_were_written_and_cut(data: bytes, size: int) -> None:
    assert [line for line in lines_of(data, size) if line] == TEXT.splitlines()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\r", "\n\0\0\0", "\r"])
def test_the_last_end_of_a_line_begins_no_line(end: str) -> None:
    assert lines_of(TEXT.replace("\n", end).encode()) == TEXT.splitlines()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", TextEncoding()),
        (b"\xb0", TextEncoding()),
        (b"45 \xb0C", TextEncoding("latin-1")),
        (b"45 \xc2\xb0C \xb0C", TextEncoding()),
        (b"45 \x90C", TextEncoding()),
        (b"a\0" * 9 + b"\0", TextEncoding("utf-16-le")),
        (b"\0a" * 5, TextEncoding("utf-16-be")),
        (b"a\0b\0cdefgh", TextEncoding()),
        (b"a\rb", TextEncoding(newline="\r")),
        (b"a\rb\n", TextEncoding()),
        ("\0abc".encode("utf-16"), TextEncoding("utf-16-le")),
        ("[10:00:01]收←◆BB DD\n".encode("gbk"), TextEncoding("gbk")),
        ("[10:00:01]收←◆BB DD\n".encode(), TextEncoding()),
    ],
)
def test_the_first_bytes_show_the_encoding(head: bytes, expected: TextEncoding) -> None:
    assert find_encoding(head) == expected


def test_what_is_no_character_becomes_an_escape() -> None:
    assert lines_of(b"\xc2\xb0 \x90\n") == ["° \\x90"]


def test_only_colours_and_places_leave_no_trace() -> None:
    assert clean_line("\x1b[31ma\x1b[2Jb\x1b[m\x1b(B\x1b[9;80Hc") == "a\x1b[2Jbc"


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("data", [b"a\nb\rc\rd\n", b"a\rb\nc\r\nd\r", b"a\r\r\nb\n\rc\r\r\rd", b"a\rb\n\nc\r\nd"])
def test_a_text_may_mix_line_ends(data: bytes, size: int) -> None:
    assert [line for line in lines_of(data, size) if line] == ["a", "b", "c", "d"]
    assert lines_of(data, size) == lines_of(data)


def test_a_cr_ends_a_line_as_soon_as_something_follows() -> None:
    decoder = LineDecoder(TextEncoding())
    assert decoder.feed(b"x\na\rb") == ["x", "a"]
    assert decoder.feed(b"\r") == []
    assert decoder.feed(b"c") == ["b"]


def test_a_line_without_an_end_is_taken_as_it_comes() -> None:
    decoder = LineDecoder(TextEncoding())
    assert decoder.feed_flow(b"BB D") == ("BB D", None)
    assert decoder.feed_flow(b"D\r\0 3") == ("D\r 3", None)
    assert decoder.feed_flow(b"2\nRx BB\nTx") == ("2", ["Rx BB"])
    assert decoder.feed(b" 00\n") == ["Tx 00"]


def test_codes_that_prepare_the_screen_and_titles_leave_no_trace_before_a_line() -> None:
    assert clean_line("\x1b[?1049h\x1b[2J\x1b]0;tio\x07BB DD") == "BB DD"
    assert clean_line("said \x1b]0;tio\x07 and \x1b[2J") == "said \x1b]0;tio\x07 and \x1b[2J"


def test_a_line_that_is_too_long_is_split_at_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_decoder, "MAX_LINE", 10)
    assert lines_of(b"BB DD DD 32 06 59\n") == ["BB DD DD ", "32 06 59"]
    assert lines_of(b"BB DD DD 32\r\n06 59 2A\r\n", 1) == ["BB DD DD ", "32", "06 59 2A"]
    assert lines_of(b"BB DD DD 32 06 59 2A 59", 8) == ["BB DD DD ", "32 06 59 ", "2A 59"]
    assert lines_of(b"a" * 25) == ["a" * 10, "a" * 10, "a" * 5]


def test_the_longest_frame_fits_into_a_line() -> None:
    assert MAX_LINE == 262_144


@given(st.binary(max_size=60), st.integers(1, 9))
def test_no_bytes_raise_and_the_cut_does_not_matter(data: bytes, size: int) -> None:
    assert lines_of(data, size) == lines_of(data)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_separators_of_web_pages_end_lines(size: int) -> None:
    assert lines_of("one\u2028two\u2029three é\nfour".encode(), size) == ["one", "two", "three é", "four"]
