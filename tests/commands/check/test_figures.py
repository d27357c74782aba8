"""The figures of a session: what can be compared, and how each is written."""

from sniffer.commands.check.figures import CheckTopic, FigureRule, find_topics, format_figure, list_figures
from tests.commands.report.helpers import plain_report, report_of


def test_figures_are_as_the_report_has_them():
    report = plain_report()
    figures = list_figures(report, is_checked=False)
    assert figures[CheckTopic.LINK, "link at the end"].value == "alive"
    assert figures[CheckTopic.LINK, "bytes in no frame"].value == 0
    assert figures[CheckTopic.STATES, "connector 1: Charging"].rule is FigureRule.PRESENT
    assert figures[CheckTopic.STATES, "connector 1: Preparing → Charging"].value == 1
    assert figures[CheckTopic.REGISTRATION, "registration at the end"].value == "accepted"
    assert figures[CheckTopic.RESTARTS, "boot loops"].value == 0
    assert figures[CheckTopic.COMMANDS, "pwr>com 32 phase voltages"].value == 55
    assert 0.9 < float(figures[CheckTopic.COMMANDS, "pwr>com 32 phase voltages, every"].value) < 1.1
    assert 0 < float(figures[CheckTopic.ANSWERS, "pwr>com 01 status report, 95 of 100 answers within"].value) < 0.1
    assert float(figures[CheckTopic.VALUES, "L1 voltage, lowest"].value) > 200
    assert [name for _, name in figures if "energy" in name.casefold()] == []
    assert all(name == key[1] and one.topic is key[0] for key, one in figures.items() for name in [one.name])


def test_few_answers_count_only_in_the_session_that_is_checked():
    name = CheckTopic.ANSWERS, "com>pwr 04 meter request, 95 of 100 answers within"
    assert name not in list_figures(plain_report(), is_checked=False)
    assert name in list_figures(plain_report(), is_checked=True)


def test_a_session_of_one_side_shows_few_topics():
    assert find_topics(report_of("one-side.pcapng")) == {CheckTopic.LINK, CheckTopic.COMMANDS, CheckTopic.ANSWERS}
    assert find_topics(plain_report()) == set(CheckTopic)


def test_a_value_is_written_with_its_unit():
    numbers: list[tuple[float | str, str]] = [(0, "times"), (2, "times"), (0.0123, "share"), (0.0042, "s")]
    cases = [*numbers, (229.5, "V"), ("alive", "times")]
    assert [format_figure(*case) for case in cases] == ["never", "2 times", "1.23 %", "4.2 ms", "229.5 V", "alive"]
