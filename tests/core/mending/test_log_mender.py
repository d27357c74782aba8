"""A log is mended if that is asked for; otherwise it is only searched, within a bound."""

from sniffer.core.mending.log_mender import LINES_SEARCHED, LogMender
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine

MISREAD = LogLine(1, "comproc", "<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC")
CUT = LogLine(1, "comproc", "<=pwrboard:BB DD DD 32 06")
WORDS = LogLine(1, "comproc", "pwrCom error Code yol:4,8,9")


def log_mender(*, mending: bool) -> LogMender:
    return LogMender(packaged_definition(), mending=mending)


def test_lines_are_mended_if_they_are_to_be():
    mender = log_mender(mending=True)
    found = mender.mend(MISREAD)
    assert found
    assert found.frame
    assert not mender.is_mendable


def test_without_that_a_misread_frame_is_noted_and_nothing_is_mended():
    mender = log_mender(mending=False)
    assert mender.mend(CUT) is mender.mend(WORDS) is None
    assert not mender.is_mendable
    assert mender.mend(MISREAD) is None
    assert mender.is_mendable


def test_a_frame_whose_arrow_is_lost_is_noted():
    mender = log_mender(mending=False)
    assert mender.mend(LogLine(1, "comproc", "wrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC")) is None
    assert mender.is_mendable


def test_a_damaged_log_is_searched_within_a_bound():
    mender = log_mender(mending=False)
    for _ in range(LINES_SEARCHED):
        mender.mend(CUT)
    mender.mend(MISREAD)
    assert not mender.is_mendable


def test_what_is_mended_on_a_page_tells_how_its_zeros_are_read():
    """Zeros with a slash are read as sixes."""
    page = [
        LogLine(1, "ocpp", "=>Dbus:FF 6A A6 FF FF 60 05 [00 21] 00 9C 18"),
        LogLine(2, "ocpp", "<=Dbus:FF 6A A6 64 41 60 04 [60 00] F1 75"),
        LogLine(3, "ocpp", "<=Dbus:FF 6A A6 DD DD 60 05 [00 2D] 61 DC D8"),
    ]
    last = LogLine(4, "comproc", "=>pwrboard:AA 66 54 2C 64 66 00 02 00 9E 6E")
    tried = []
    for studied in ([], [*page, last]):
        mender = log_mender(mending=True)
        mender.study(studied)
        found = mender.mend(last)
        assert found
        assert found.mended
        assert found.frame == bytes.fromhex("AA00542C04000002009E6E")
        tried.append(found.mended.tried)
    assert tried[1] < tried[0] / 4
