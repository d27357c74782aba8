"""The links of the simulated charger: frames one after the other on one line, and lines with their processes."""

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import MILLISECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, PWR_TO_COM
from sniffer.simulator.charger_links import ChargerLinks

START = 1000 * MILLISECOND
REQUEST = bytes.fromhex("AA EE EE 04 01 01 BF 44")
REQUEST_TEXT = "=>pwrboard:AA EE EE 04 01 01 BF 44"


@pytest.fixture
def links() -> ChargerLinks:
    """Return links on which a byte takes a millisecond."""
    return ChargerLinks(packaged_definition(), baud=10_000, start=START)


def send_request(links: ChargerLinks) -> LogLine:
    return links.send(COM_TO_PWR, 0x04, 0xEEEE, {"connector": 1})


def test_a_frame_is_printed_as_in_the_real_log(links: ChargerLinks) -> None:
    links.wait_until(2 * START)
    assert send_request(links) == LogLine(2 * START, "comproc", REQUEST_TEXT, None, REQUEST, COM_TO_PWR)
    line = links.send(COM_TO_OCPP, 0x0000, 0x993B)
    assert (line.process, line.text) == ("ocpp", "<=Dbus:FF 6A A6 99 3B 00 04 [00 00] D6 B9")


def test_frames_of_both_directions_follow_each_other_with_a_silence_between(links: ChargerLinks) -> None:
    links.wait_until(2 * START)
    first, second = send_request(links), links.send(PWR_TO_COM, 0x2D, 0xEEEE)
    assert first.time == 2 * START
    assert second.time == 2 * START + (8 + 1) * MILLISECOND
    assert links.now == second.time
    assert links.free_at == second.time + 8 * MILLISECOND


def test_the_other_link_takes_no_time_and_waits_for_nothing(links: ChargerLinks) -> None:
    links.wait_until(2 * START)
    send_request(links)
    assert links.send(COM_TO_OCPP, 0x0000, 1).time == 2 * START
    assert links.free_at == 2 * START + 8 * MILLISECOND


def test_time_does_not_go_back(links: ChargerLinks) -> None:
    links.wait_until(2 * START)
    links.wait_until(START)
    assert links.build_text_line("ocpp", "CP_INFO") == LogLine(2 * START, "ocpp", "CP_INFO")


def test_the_line_is_free_at_the_start(links: ChargerLinks) -> None:
    assert links.now == links.free_at == START
    assert send_request(links).time == START + MILLISECOND


def test_an_impossible_rate_is_refused() -> None:
    with pytest.raises(SourceError, match="baud"):
        ChargerLinks(packaged_definition(), baud=0, start=0)
