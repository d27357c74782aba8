"""The man page: complete, and without warnings of the programs that show it."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from sniffer.cli.main import COMMANDS, main
from sniffer.cli.options.parser import build_parser
from sniffer.cli.shell.man_page import format_man_page
from sniffer.cli.shell.parser_tree import SCREEN, iterate_arguments, parser_of, parsers_by_name
from tests.tools import need


@cache
def page() -> str:
    return format_man_page(parser_of(SCREEN), parsers_by_name(), "1.2.3", "2026-01-15")


def test_every_command_and_option_is_described() -> None:
    plain = page().replace("\\-", "-")
    for name, parser in parsers_by_name().items():
        assert f".SS evse-sniff {name}\n" in plain
        for action in iterate_arguments(parser):
            for option in action.option_strings:
                assert f"\\fB{option}\\fR" in plain
    assert plain.count("\n.SS ") == len(COMMANDS)


def test_the_commands_of_a_command_are_described_with_it() -> None:
    plain = page().replace("\\-", "-")
    assert "\n.B evse-sniff lake sql\n[\\fIoptions\\fR] LAKE QUESTION\n" in plain
    assert "\\fB--since\\fR \\fIDATE\\fR" in plain


def test_shared_options_are_described_once() -> None:
    assert page().count("silence that ends an unfinished frame") == 1
    assert "OPTIONS:\n\\fBSOURCE\\fR, \\fB\\-\\-baud\\fR" in page()


def test_the_head_names_version_and_date() -> None:
    assert page().splitlines()[0] == '.TH EVSE-SNIFF 1 2026-01-15 "evse-sniff 1.2.3" "User commands"'


def test_text_cannot_become_a_request_of_man() -> None:
    screen = build_parser("", "About.", "'x\\n\n\nmore")
    tricky = build_parser("tricky", ".TH x", ".SH y\n\n'z -a \\b")
    tricky.add_argument("--two-words", metavar="A", help=".SH not a heading, 50%% of it")
    lines = format_man_page(screen, {"tricky": tricky}, "1", "2026-01-15").splitlines()
    assert "\\&.TH x" in lines
    assert "\\&.SH not a heading, 50% of it" in lines
    assert "\\&.SH y" in lines
    assert "\\&'z \\-a \\eb" in lines


def test_groff_and_mandoc_have_nothing_to_complain_about(tmp_path: Path) -> None:
    path = tmp_path / "evse-sniff.1"
    path.write_text(page())
    groff = subprocess.run([need("groff"), "-man", "-ww", "-Tutf8", path], capture_output=True, text=True, check=True)
    assert groff.stderr == ""
    assert "record" in groff.stdout


def test_mandoc_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "evse-sniff.1"
    path.write_text(page())
    done = subprocess.run([need("mandoc"), "-Tlint", "-Wwarning", path], capture_output=True, text=True)
    assert done.stdout == ""


def test_help_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "--man"]) == 0
    assert re.match(r'\.TH EVSE-SNIFF 1 \d{4}-\d\d-\d\d "evse-sniff ', capsys.readouterr().out)
    with pytest.raises(SystemExit, match="2"):
        main(["help", "--man", "bench"])
    assert "leave out TOPIC" in capsys.readouterr().err
