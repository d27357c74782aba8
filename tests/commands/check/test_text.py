"""The judgement as text: the verdict says what was judged, and what was assumed."""

from msgspec.structs import replace

from sniffer.commands.check.judge import judge
from sniffer.commands.check.text import format_check_lines, format_check_verdict
from tests.commands.report.helpers import plain_report, report_of


def lines_of(checked, *good):
    return [*format_check_lines(judge(checked, good))]


def test_a_difference_stands_under_its_topic_beside_the_good_value():
    lines = lines_of(report_of("mains-sag.pcapng"), plain_report())
    assert lines[5].startswith("✕ ")
    assert "faults" in lines
    (fault,) = (line for line in lines if "Under voltage" in line)
    assert fault.split()[-2:] == ["once", "never"]
    assert "one good session shows no spread" in "\n".join(lines)


def test_a_good_session_says_what_could_not_be_judged():
    result = judge(plain_report(), [plain_report()])
    assert format_check_verdict(result) == (
        "✓ no difference from the good sessions in the 111 figures that could be judged; 3 could not be judged"
    )
    assert format_check_verdict(replace(result, unjudged=())) == (
        "✓ no difference from the good sessions, in 111 figures"
    )


def test_a_single_figure_that_was_not_judged_is_listed():
    result = judge(plain_report(), [plain_report()])
    lines = [*format_check_lines(replace(result, unjudged=result.unjudged[:1]))]
    assert sum("fewer than 5 answers" in line for line in lines) == 1


def test_names_are_safe_and_many_are_counted():
    good = [replace(plain_report(), name=f"{number}\x1b[31m") for number in range(7)]
    text = "\n".join(lines_of(plain_report(), *good))
    assert "\x1b" not in text
    assert "and 2 more" in text
    assert "the good sessions' own spread" in text
