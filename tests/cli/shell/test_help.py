"""`evse-sniff help`: the documentation on the command line."""

import os

import pytest

from sniffer.cli.main import main
from sniffer.config.documentation import ORDER, find_topic


def test_without_a_topic_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    printed = capsys.readouterr().out
    for name in (*ORDER, "decisions"):
        assert f"\n  {name} " in printed
    assert "evse-sniff help TOPIC" in printed


def test_a_topic_is_printed_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "bench"]) == 0
    topic = find_topic("bench")
    assert topic is not None
    assert capsys.readouterr().out == topic.text


def test_an_unknown_topic_is_wrong_usage_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["help", "bensh\x1b[31m"])
    assert left.value.code == 2
    assert "there is no topic bensh" in (complaint := capsys.readouterr().err)
    assert "`evse-sniff help` lists them" in complaint
    assert "\x1b" not in complaint


def test_a_mistyped_topic_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["help", "bensh"])
    assert "there is no topic bensh: did you mean bench?" in capsys.readouterr().err


def test_on_a_terminal_a_topic_is_shown_a_page_at_a_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("pydoc.pager", pages.append)
    monkeypatch.delenv("LESS", raising=False)
    assert main(["help", "protocol"]) == 0
    assert os.environ["LESS"] == "-RFX"
    assert "The protocol" in pages[0]
    assert "| offset |" not in pages[0]


def test_the_options_of_less_that_the_user_has_set_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("pydoc.pager", lambda text: None)
    monkeypatch.setenv("LESS", "-S")
    assert main(["help", "bench"]) == 0
    assert os.environ["LESS"] == "-S"
