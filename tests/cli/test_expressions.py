"""A filter on the command line that is wrong ends the command before a source is opened, whatever option it is for."""

import pytest

from tests.cli.helpers import CAPTURE, run


@pytest.mark.parametrize(
    "words",
    [
        ["dump", "--filter"],
        ["dump", "--exit-on"],
        ["dump", "--exec", "fault", "true", "--exit-on"],
    ],
)
@pytest.mark.parametrize("source", [CAPTURE, "nothing.log"])
def test_it_is_wrong_usage_with_the_place_marked(words: list[str], source: str) -> None:
    done = run(words[0], source, *words[1:], "crc bad or statsu == 1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "evse-sniff: unknown name `statsu`: did you mean status?",
        "  crc bad or statsu == 1",
        "             ^^^^^^",
    ]
