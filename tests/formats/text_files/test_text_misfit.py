"""What is said of a text that was made from bytes and does not show them."""

import subprocess

import pytest

from sniffer.formats.text_files.text_misfit import describe_misfit
from tests.tools import need

DATA = bytes.fromhex("BBDDDD3206592A596859AD6BBC") * 3


@pytest.mark.parametrize(("command", "what"), [("od -a", "`od -a`"), ("od -t fF", "dump of numbers")])
def test_a_dump_without_bytes_is_named_with_the_command_that_prints_them(command: str, what: str) -> None:
    words = command.split()
    need(words[0])
    shown = subprocess.run(words, input=DATA, capture_output=True, check=True).stdout.decode()
    said = describe_misfit(shown.splitlines())
    assert what in said
    assert "xxd" in said


@pytest.mark.parametrize("lines", [[], ["hello"], ["0000000 hello world"]])
def test_of_other_texts_nothing_is_known(lines: list[str]) -> None:
    assert describe_misfit(lines) == ""
