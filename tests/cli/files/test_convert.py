"""`evse-sniff convert` as a command: its messages and its exit status."""

import gzip
import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from sniffer.cli import main
from sniffer.core.wire.items import Segments
from sniffer.formats.registry import FORMATS
from tests.cli.helpers import CAPTURE, refused, run
from tests.commands.convert.helpers import read, seen, write
from tests.core.charger.helpers import SAMPLE
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of
from tests.tools import EVSE_SNIFF

FRAME = KNOWN_FRAMES[2].raw
AT = 1_700_000_000_000_000_000


class TestCommand:
    def test_says_on_standard_error_what_is_lost(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["convert", str(SAMPLE), str(tmp_path / "a.parquet")]) == 0
        printed = capsys.readouterr()
        assert (printed.out, printed.err) == ("", "evse-sniff: not held by .parquet: 5 events\n")

    def test_cut_input_gives_what_is_there_and_a_warning(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        records = records_of(*(Segments(((FRAME, AT + at * 1000),)) for at in range(3)))
        whole = write(tmp_path / "a.pcapng", records)
        whole.write_bytes(whole.read_bytes()[:-5])
        assert main(["convert", str(whole), str(tmp_path / "a.log")]) == 0
        assert "cut off after packet 2" in capsys.readouterr().err
        assert [*map(seen, read(tmp_path / "a.log")[0])] == [
            ("frame", AT + at * 1000, FRAME, "com>pwr", None, "tap") for at in range(2)
        ]

    def test_a_capture_of_a_board_is_read_with_its_definition(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "a.bin").write_bytes(bytes.fromhex("010600010055183501060001005518350104"))
        names = [str(tmp_path / name) for name in ("a.bin", "a.pcapng", "b.pcapng.gz", "c.jsonl")]
        assert main(["convert", *names[:2], "--definition", "modbus"]) == 0
        assert capsys.readouterr().err == ""
        for source, copy in pairwise(names[1:]):
            assert main(["convert", source, copy]) == 0
            assert "was recorded with --definition modbus, which is used here" in capsys.readouterr().err
        found = [json.loads(line) for line in Path(names[3]).read_text().splitlines()]
        frames = [(one["name"], one["direction"]) for one in found if one["type"] == "frame"]
        assert frames == [("write register", "master>slave"), ("write register answer", "slave>master")]

    def test_a_capture_in_a_pipe_says_which_definition_it_needs(self, tmp_path: Path) -> None:
        raw, capture = tmp_path / "a.bin", tmp_path / "a.pcapng"
        raw.write_bytes(bytes.fromhex("0106000100551835"))
        assert main(["convert", str(raw), str(capture), "--definition", "modbus"]) == 0
        about = b"evse-sniff: standard input was recorded with the definition modbus: "
        for words in (["dump", "-"], ["status", "-"], ["report", "-"], ["convert", "-", str(tmp_path / "b.jsonl")]):
            assert run(*words, stdin=capture.read_bytes()).stderr.startswith(about), words
        assert run("dump", "-", "--definition", "modbus", stdin=capture.read_bytes()).stderr == b""

    def test_damage_makes_the_exit_status_1_and_all_before_it_is_converted(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        packed = bytearray(gzip.compress(FRAME))
        packed[-6] ^= 1
        (tmp_path / "a.bin.gz").write_bytes(packed)
        assert main(["convert", str(tmp_path / "a.bin.gz"), str(tmp_path / "a.bin")]) == 1
        assert "the compressed file is damaged" in capsys.readouterr().err
        assert (tmp_path / "a.bin").read_bytes() == FRAME

    def test_damaged_lines_are_left_out_and_counted(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        line = f'{{"type": "noise", "time": null, "raw": "{FRAME.hex()}"}}\n'
        (tmp_path / "a.jsonl").write_text(f"{line}[]\n{{}}\n{line}")
        assert main(["convert", str(tmp_path / "a.jsonl"), str(tmp_path / "a.bin")]) == 0
        assert "2 lines were skipped (line 2: it is no JSON object)" in capsys.readouterr().err
        assert (tmp_path / "a.bin").read_bytes() == 2 * FRAME

    def test_several_files_are_converted_as_one_session(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        whole = CAPTURE.read_bytes()
        (tmp_path / "x.log.1").write_bytes(whole[:1500])
        (tmp_path / "x.log").write_bytes(whole[1500:])
        words = [str(tmp_path / "x.log"), str(tmp_path / "x.log.1"), str(tmp_path / "a.pcapng")]
        assert main(["convert", "--join", *words]) == 0
        assert main(["convert", str(CAPTURE), str(tmp_path / "b.pcapng")]) == 0
        assert (tmp_path / "a.pcapng").read_bytes() == (tmp_path / "b.pcapng").read_bytes()
        with pytest.raises(SystemExit, match="2"):
            main(["convert", *words])
        assert "2 files in front of OUT: --join reads them as one session" in capsys.readouterr().err

    @pytest.mark.parametrize("ending", [one.ending for one in FORMATS])
    def test_a_session_without_a_record_gives_no_file(self, ending: str, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pcapng", [])
        assert "nothing was written: there is no record in it" in refused("convert", source, tmp_path / f"b{ending}")
        source.write_bytes(source.read_bytes()[:-4])
        assert "cut off before its first packet" in refused("convert", source, tmp_path / f"b{ending}")
        assert list(tmp_path.iterdir()) == [source]

    def test_a_format_that_holds_nothing_of_the_session_gives_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("[ocpp] hello\n[ocpp] world\n")
        message = refused("convert", tmp_path / "a.txt", tmp_path / "a.bin")
        assert "nothing of it would be left (not held by .bin: 2 log texts): name a file in .pcapng" in message
        assert not (tmp_path / "a.bin").exists()
        assert run("convert", tmp_path / "a.txt", tmp_path / "a.csv").returncode == 0

    def test_takes_raw_bytes_from_standard_input(self, tmp_path: Path) -> None:
        path = tmp_path / "a.bin"
        done = subprocess.run([*EVSE_SNIFF, "convert", "-", str(path)], input=FRAME, capture_output=True, timeout=60)
        assert (done.returncode, path.read_bytes()) == (0, FRAME)

    def test_shows_the_formats_in_its_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["convert", "--help"])
        shown = capsys.readouterr().out
        assert [format_.ending for format_ in FORMATS if f"\n  {format_.ending} " not in shown] == []

    def test_replaces_a_file_with_force_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a.bin"
        path.write_text("mine")
        assert "--force" in refused("convert", SAMPLE, path)
        assert run("convert", "--force", SAMPLE, path).returncode == 0
        assert path.read_bytes().startswith(b"\xff\x6a\xa6")

    def test_a_conversion_that_fails_prints_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = tmp_path / "a.jsonl"
        source.write_text('{"type": "text", "time": null, "process": null, "text": "x"}\n{"type": 1}\n')
        assert main(["convert", str(source), str(tmp_path / "a.bin")]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert "1 line was skipped (line 2: it has no type)" in error
        assert "not held by .bin: 1 log text" in error
