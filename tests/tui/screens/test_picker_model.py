"""Tests of the values of the source picker."""

from sniffer.tui.screens.picker_model import AUTO, Section, SourceChoice, SourceOption


def test_option_has_no_line_and_no_rate_by_default() -> None:
    option = SourceOption("demo", "demo")
    assert (option.about, option.detail, option.mark, option.has_line, option.baud) == ("", "", "", False, None)
    assert Section("ports", ()).hint == ""


def test_automatic_rate_differs_from_a_rate_that_is_not_known() -> None:
    assert SourceOption("tty", "tty", baud=AUTO) != SourceOption("tty", "tty")
    assert not AUTO


def test_equal_choices_are_equal() -> None:
    assert SourceChoice("tty", 9600) == SourceChoice("tty", 9600)
    assert SourceChoice("tty", 9600) != SourceChoice("tty", None)
