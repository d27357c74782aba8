"""The check of a link: given these keys, it computes this; given those, this message. More is in `test_link_parser`."""

import re
import tomllib

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.check_parser import ALIASES, parse_check
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
        ('{ name = "sum", size = 2, initial = 0x58 }', "02 35"),
        ('{ name = "sum inverted", initial = 0x58 }', "CA"),
        ('{ name = "sum negated", initial = 0x58 }', "CB"),
        ('{ name = "sum", final_xor = 0x44 }', "99"),
        ('{ name = "sum negated", initial = 1, final_xor = 0xFF }', "DD"),
        ('{ name = "xor", initial = 0xFF }', "CE"),
        ('{ name = "xor", initial = 0x0F, digits = "upper" }', "33 45"),
        # CRC-16/XMODEM and CRC-16/GENIBUS: what is not stated is 0.
        ("{ polynomial = 0x1021, size = 2 }", "31 C3"),
        ("{ polynomial = 0x1021, size = 2, initial = 0xFFFF, final_xor = 0xFFFF }", "D6 4E"),
        ("{ polynomial = 0x8005, size = 2, reflected = true }", "BB 3D"),
        ('{ name = "Fletcher-16" }', "1E DE"),
        ('{ name = "Fletcher-16/256", order = "little", from = 8 }', "39 39"),
    ],
)
def test_a_check_computes_what_its_name_says(text: str, check: str) -> None:
    assert parse(text).build(b"123456789") == bytes.fromhex(check)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        # The check values of the catalogue.
        ("CRC-8/EBU", "97"),
        ("CRC-8/MAXIM", "A1"),
        ("CRC-16/AUG-CCITT", "E5 CC"),
        ("CRC-16/AUTOSAR", "29 B1"),
        ("CRC-16/BUYPASS", "FE E8"),
        ("CRC-16/CCITT-FALSE", "29 B1"),
        ("CRC-16/CCITT-TRUE", "21 89"),
        ("CRC-16/LHA", "BB 3D"),
        ("CRC-16/X-25", "90 6E"),
        ("CRC-32/ADCCP", "CB F4 39 26"),
        ("CRC-32/CASTAGNOLI", "E3 06 92 83"),
    ],
)
def test_another_name_of_a_crc_is_taken(name: str, check: str) -> None:
    assert name in ALIASES
    assert parse(f'{{ name = "{name}" }}').build(b"123456789") == bytes.fromhex(check)
    assert parse(f'{{ name = "{name}" }}').name == ALIASES[name]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CRC16-CCITT", "CRC-16/XMODEM, CRC-16/IBM-3740, "),
        ("crc16", "CRC-16/MODBUS, CRC-16/XMODEM or CRC-16/ARC?"),
        ("checksum", "sum, sum inverted or sum negated?"),
        ("CRC16-MODBUS", "CRC-16/MODBUS, "),
    ],
)
def test_what_an_unknown_name_may_mean_is_reported(name: str, meant: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(f"did you mean {meant}")):
        parse(f'{{ name = "{name}" }}')


def test_a_missing_name_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"my\.toml: check: name is missing"):
        parse("{ size = 2 }")


def parse_line_check(text: str, delimiter: str = 'delimiter = { end = "0D 0A" }') -> Check:
    return parse_check(TomlTable("my.toml", tomllib.loads(f"check = {text}\n{delimiter}")))


def test_a_check_of_lines_is_sent_as_digits() -> None:
    check = parse_line_check('{ name = "xor", from = 1, digits = "upper", mark = "2A" }')
    assert check.build(b"$GPTXT,01") == b"*62"
    assert parse_line_check('{ name = "sum", size = 2, digits = "lower" }').build(b"123456789") == b"01dd"


def test_digits_need_no_delimiter() -> None:
    """The card number of an RDM6300 reader, 125 kHz: exclusive or of the five bytes for which the digits stand."""
    check = parse_check(
        TomlTable("my.toml", tomllib.loads('check = { name = "xor", from = 1, digits = "upper", covers = "digits" }'))
    )
    assert check.build(b"\x0262E3086CED") == b"08"
    assert check.is_right(b"\x0262E3086CED08", 13)
    assert not check.is_right(b"\x0262E3086CEX08", 13)


def test_a_line_of_modbus_ascii_has_the_check_of_the_bytes_that_it_stands_for() -> None:
    """The longitudinal redundancy check of Modbus over serial line, section 2.5.2.2, of the frame 11 03 00 6B 00 03."""
    check = parse_line_check('{ name = "sum negated", from = 1, digits = "upper", covers = "digits" }')
    assert check.build(b":1103006B0003") == b"7E"
    assert not check.is_right(b":1103006B00037f", 15)


@pytest.mark.parametrize(
    ("text", "delimiter", "message"),
    [
        (
            '{ name = "none", digits = "upper" }',
            'delimiter = { end = "0A" }',
            "must be left out, as the frames have no",
        ),
        ('{ name = "xor", covers = "digits" }', 'delimiter = { end = "0A" }', "covers = 'digits': must be left out"),
        ('{ name = "Fletcher-16", size = 1 }', "", "must be 2, as the check of this name has, or left out"),
        ('{ name = "xor", digits = "Upper" }', 'delimiter = { end = "0A" }', "must be one of upper, lower"),
        ('{ name = "xor", mark = "2A" }', 'delimiter = { end = "0A" }', "must be left out, as only digits"),
        ('{ name = "xor", digits = "upper", mark = "2A2A2A2A2A" }', 'delimiter = { end = "0A" }', "at most 4 bytes"),
    ],
)
def test_digits_without_a_line_are_refused(text: str, delimiter: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        parse_line_check(text, delimiter)
