"""The form of a dump: offsets, characters and frames that prove it."""

import pytest

from sniffer.formats.text_files.dumps.dump_form import find_dump_form, has_other_rows
from sniffer.formats.text_files.dumps.dump_numbers import DECIMAL, HEXADECIMAL, OCTAL, NumberForm
from sniffer.formats.text_files.dumps.hex_dump import NO_OFFSET, DumpForm

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")


def words(data: bytes, size: int) -> str:
    return " ".join(data[at : at + size][::-1].hex() for at in range(0, len(data), size))


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (["0000000 273 335", "0000002 062"], DumpForm(16, NumberForm(1, OCTAL))),
        (["0000000  187  221", "0000002   50"], DumpForm(16, NumberForm(1, DECIMAL))),
        (["00000000: bbdd dd32", "00000004: 0659"], DumpForm(16)),
        (["0000000 ddbb 32dd", "0000004 5906"], DumpForm(16, NumberForm(2, HEXADECIMAL))),
        ([f"0000000 {FRAME.hex(' ', 2)}00", "000000d"], DumpForm(16)),
        ([f"82000000: {words(FRAME + bytes(3), 4)}"], DumpForm(16, NumberForm(4, HEXADECIMAL))),
        ([words(FRAME + bytes(3), 2)], DumpForm(NO_OFFSET, NumberForm(2, HEXADECIMAL))),
        (["00bb 3200 5906"], None),
        (["187 0 0 50"], None),
    ],
)
def test_a_form_is_found(lines: list[str], form: DumpForm | None) -> None:
    assert find_dump_form(lines) == form


def test_lines_that_begin_with_offsets_are_no_plain_hex() -> None:
    assert has_other_rows(["0000  x", "0010  y", "0020  z"])
    assert not has_other_rows(["bb dd", "hello"])
