"""The check of a link: given these keys, it computes this; given those, this message. More is in `test_link_parser`."""

import tomllib

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.check_parser import parse_check
from sniffer.core.wire.checks import Check


def parse(text: str) -> Check:
    return parse_check(TomlTable("my.toml", tomllib.loads(f"check = {text}")))


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ('{ name = "CRC-16/MODBUS", order = "little" }', "37 4B"),
        ('{ name = "sum", size = 2 }', "01 DD"),
        ('{ name = "xor", from = 8 }', "39"),
        ('{ name = "none" }', ""),
        # CRC-16/XMODEM and CRC-16/GENIBUS: what is not stated is 0.
        ("{ polynomial = 0x1021, size = 2 }", "31 C3"),
        ("{ polynomial = 0x1021, size = 2, initial = 0xFFFF, final_xor = 0xFFFF }", "D6 4E"),
        ("{ polynomial = 0x8005, size = 2, reflected = true }", "BB 3D"),
    ],
)
def test_a_check_computes_what_its_name_says(text: str, check: str) -> None:
    assert parse(text).build(b"123456789") == bytes.fromhex(check)


def test_a_missing_name_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"my\.toml: check: name is missing"):
        parse("{ size = 2 }")


def parse_line_check(text: str, delimiter: str = 'delimiter = { end = "0D 0A" }') -> Check:
    return parse_check(TomlTable("my.toml", tomllib.loads(f"check = {text}\n{delimiter}")))


def test_a_check_of_lines_is_sent_as_digits() -> None:
    check = parse_line_check('{ name = "xor", from = 1, digits = "upper", mark = "2A" }')
    assert check.build(b"$GPTXT,01") == b"*62"
    assert parse_line_check('{ name = "sum", size = 2, digits = "lower" }').build(b"123456789") == b"01dd"


@pytest.mark.parametrize(
    ("text", "delimiter", "message"),
    [
        ('{ name = "xor", digits = "upper" }', "", "must be left out, unless the frames have a delimiter"),
        ('{ name = "none", digits = "upper" }', 'delimiter = { end = "0A" }', "must be left out, unless"),
        ('{ name = "xor", digits = "Upper" }', 'delimiter = { end = "0A" }', "must be one of upper, lower"),
        ('{ name = "xor", mark = "2A" }', 'delimiter = { end = "0A" }', "must be left out, as only digits"),
        ('{ name = "xor", digits = "upper", mark = "2A2A2A2A2A" }', 'delimiter = { end = "0A" }', "at most 4 bytes"),
    ],
)
def test_digits_without_a_line_are_refused(text: str, delimiter: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        parse_line_check(text, delimiter)
