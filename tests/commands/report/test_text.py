"""The text form: tables that line up, long lists that say how many more there are, lines that fit."""

from msgspec.structs import replace

from sniffer.commands.report import text
from sniffer.commands.report.model import RegistrationEpisode, TimelineMark
from sniffer.commands.report.symbols import STATES
from sniffer.core.charger.startup.registration import Registration
from tests.commands.report.helpers import episode_of, fault_of, lane_of, plain_report, report_of


def test_every_line_fits_where_the_words_allow_it() -> None:
    for name in ("mains-sag.pcapng", "bad-line.pcapng", "undervoltage.log"):
        assert max(map(len, text.format_lines(report_of(name)))) <= text.WIDTH + 10


def test_columns_of_a_table_line_up() -> None:
    rows = text.format_table([("a", "bb"), ("ccc", "d")])
    assert [row.rstrip() for row in rows] == ["a    bb", "ccc  d"]


def test_a_long_list_says_how_many_more_there_are() -> None:
    marks = tuple(TimelineMark(0, number, "x") for number in range(1, text.MOST_ROWS + 3))
    shown = [*text.format_lines(plain_report(marks={"contradiction": marks}))]
    assert sum(line.endswith("  x") for line in shown) == text.MOST_ROWS
    assert any("2 more" in line for line in shown)


def test_the_strip_shows_the_states_over_time() -> None:
    report = plain_report(began=0, ended=30)
    third = text.STRIP_WIDTH // 3
    strip = text.format_strip(report, lane_of(None, "Available", "Charging"), STATES)
    assert " " * third + "A" * third + "C" * third in strip


def test_a_fault_has_its_codes() -> None:
    shown = "\n".join(text.format_lines(plain_report(faults=(episode_of(fault_of()),))))
    assert "Under voltage" in shown
    assert "0x200208" in shown


def test_what_to_check_stands_under_a_pending_registration_only() -> None:
    pending = plain_report(
        registration=Registration("pending", 1), registrations=(RegistrationEpisode(None, 1, None, None),)
    )
    assert "  what to check:" in text.format_lines(pending)
    assert "  what to check:" not in text.format_lines(replace(pending, registration=Registration("accepted", 1)))
