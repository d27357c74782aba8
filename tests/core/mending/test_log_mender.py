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
