"""The packing of log lines: process, text and continuation come out as they went in."""

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.mended import Mended, MendedCharacter
from sniffer.history.records.line_codec import pack_line, unpack_line


@pytest.mark.parametrize("process", [None, "", "ocpp", "prozeß", "\udc80"])
@pytest.mark.parametrize("text", ["", "text", "\x00ü\udcff"])
@pytest.mark.parametrize("continues", [False, True])
def test_line_comes_out_as_it_went_in(process: str | None, text: str, continues: bool) -> None:
    packed = pack_line(LogLine(5, process, text, continues=continues))
    assert unpack_line(packed) == LogLine(None, process, text, continues=continues)


@pytest.mark.parametrize("process", [None, "", "ocpp"])
def test_mended_line_comes_out_as_it_went_in(process: str | None) -> None:
    mended = Mended("Com bool!", (MendedCharacter(7, "l", "t"),), 18, (b"\xaa\xbb",), has_crc=False)
    line = LogLine(None, process, "Com boot!", continues=True, mended=mended)
    assert unpack_line(pack_line(line)) == line
