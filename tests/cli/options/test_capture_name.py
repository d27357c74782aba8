"""The name of a recording promises no other format."""

import argparse
from pathlib import Path

import pytest

from sniffer.cli.options.capture_name import parse_capture_name
from sniffer.formats.registry import FORMATS
from tests.cli.helpers import CAPTURE, run


@pytest.mark.parametrize("name", ["a.pcapng", "A.PCAPNG", "a.pcapng.gz", "a.2026.pcapng", "night", "x.y/night", "-"])
def test_a_name_that_promises_nothing_else_is_taken(name: str) -> None:
    assert parse_capture_name(name) == name


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.txt", "name it a.pcapng, or a.pcapng.gz to have it packed; afterwards `evse-sniff convert a.pcapng a.txt`"),
        ("a.csv.gz", "name it a.pcapng, or a.pcapng.gz to have it packed; afterwards `evse-sniff convert a.pcapng a.c"),
        ("x/a.LOG", "afterwards `evse-sniff convert x/a.pcapng x/a.LOG`"),
        ("a.pcapng.zst", "afterwards `evse-sniff convert a.pcapng a.pcapng.zst`"),
        ("a.pcap", "name it a.pcapng,"),
        ("a.gz", "name it a.pcapng,"),
        ("a.2026", "name it a.2026.pcapng,"),
    ],
)
def test_another_ending_is_refused_with_what_to_type(name: str, advice: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        parse_capture_name(name)
    assert advice in str(refused.value)


@pytest.mark.parametrize("ending", [".txt", ".csv", ".pcapng.zst"])
@pytest.mark.parametrize("command", [["record"], ["dump"], []], ids=["record", "dump", "screen"])
def test_every_command_that_records_refuses_it(command: list[str], ending: str, tmp_path: Path) -> None:
    done = run(*command, CAPTURE, "-o", tmp_path / f"a{ending}")
    assert done.returncode == 2
    assert f"a recording is a capture in pcapng: name it {tmp_path}/a.pcapng" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [one.ending for one in FORMATS if one.ending != ".pcapng"])
def test_each_other_format_is_refused(ending: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="afterwards `evse-sniff convert"):
        parse_capture_name(f"a{ending}")
