"""A filter on the command line that is wrong ends the command before a source is opened, whatever option it is for."""

import pytest

from tests.cli.helpers import CAPTURE, run


@pytest.mark.parametrize(
    "words",
    [
        ["dump", "--filter"],
        ["dump", "--exit-on"],
        ["dump", "--exec", "fault", "true", "--exit-on"],
        ["record", "-o", "/nowhere/a.pcapng", "--until"],
        ["--alert"],
        ["--alert", "fault", "--alert"],
    ],
)
@pytest.mark.parametrize("source", [CAPTURE, "nothing.log"])
def test_it_is_wrong_usage_with_the_place_marked(words: list[str], source: str) -> None:
    command = [] if words[0].startswith("-") else words[:1]
    done = run(*command, source, *words[len(command) :], "crc bad or statsu == 1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "evse-sniff: unknown name `statsu`: did you mean status?",
        "  crc bad or statsu == 1",
        "             ^^^^^^",
    ]


@pytest.mark.parametrize("command", [["dump"], ["record", "-o", "/nowhere/a.pcapng"], []])
def test_that_of_a_command_to_run_as_well(command: list[str]) -> None:
    done = run(*command, "nothing.log", "--exec", "statsu == 1", "true")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("evse-sniff: unknown name `statsu`: did you mean status?\n")
