"""`--mend` as people use it: a photographed log is mended and marked, and only if that is asked for."""

import json

import pytest

from tests.cli.helpers import objects, run

PAGE = """\
708 2023-11-30T00:00:47+0000 [ocpp] <=Dbus:FF 6A A€ 99 3B 00 04 [00 00] D€ BS
717 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:BB €1 D9 01 OB 01 08 OE 00 00 00 04 00 09 1C 15 A3 33
719 2023-11-30T00:00:49+0000 [comproc] pwrCom error Code yol:4,8,9
722 2023-11-30T00:00:49+0000 [compzoc] 2C 04 00
"""
CLEAN = """\
717 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:BB 61 D9 01 0B 01 08 0E 00 00 00 04 00 09 1C 15 A3 33
"""
RESTS = "rests on a mended line: assumed"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_without_it_nothing_is_mended_and_one_line_names_it(page):
    done = run("dump", "--json", page)
    assert not [found for found in objects(done) if "mended" in found or found["type"] == "frame"]
    (hint,) = done.stderr.decode().splitlines()
    assert "--mend" in hint
    assert run("dump", "--quiet", page).stderr == b""


def test_a_log_that_reads_well_has_no_hint(tmp_path):
    path = tmp_path / "clean.log"
    path.write_text(CLEAN, encoding="utf-8")
    done = run("dump", "--mend", "--json", path)
    assert done.stderr == run("dump", path).stderr == b""
    assert not [found for found in objects(done) if "mended" in found]


def test_frames_and_words_say_how_they_were_mended(page):
    found = objects(run("dump", "--mend", "--json", page))
    frames = [one for one in found if one["type"] == "frame"]
    assert [frame["raw"] for frame in frames] == [
        "ff6aa6993b00040000d6b9",
        "bb61d9010b01080e000000040009" + "1c15a333",
    ]
    mended = frames[0]["mended"]
    assert [(one["read"], one["mended"]) for one in mended["characters"]] == [("€", "6"), ("€", "6"), ("S", "9")]
    assert mended["as_read"] == "<=Dbus:FF 6A A€ 99 3B 00 04 [00 00] D€ BS"
    assert mended["chance"] == mended["tried"] / 65536
    assert mended["provenance"] == "assumed"
    words, line = [one for one in found if one["type"] == "text"]
    assert (words["text"], words["mended"]["chance"]) == ("pwrCom error Code vol:4,8,9", None)
    assert line["process"] == "comproc"


def test_the_state_and_the_fault_say_that_they_rest_on_it(page):
    events = {one["event"]: one for one in objects(run("dump", "--mend", "--json", page)) if one["type"] == "event"}
    assert events["status"]["mended"] is events["fault_raised"]["mended"] is True
    assert run("dump", "--mend", page).stdout.decode().count(RESTS) == 2
    status = run("status", "--mend", page)
    assert status.returncode == 4
    assert status.stdout.decode().count(RESTS) == 2
    found = json.loads(run("status", "--mend", "--json", page).stdout)
    assert found["connectors"][0]["mended"] is found["faults"][0]["mended"] is True


def test_an_intact_report_of_the_same_state_confirms_it(page):
    page.write_text(PAGE + CLEAN.replace("717", "723"), encoding="utf-8")
    status = json.loads(run("status", "--mend", "--json", page).stdout)
    assert "mended" not in status["connectors"][0]


def test_the_report_counts_the_lines_and_names_the_state(page):
    text = run("report", "--mend", page).stdout.decode()
    assert "4 lines were misread and mended" in text
    assert "connector 1 Faulted rests on a mended line: assumed" in text
    assert json.loads(run("report", "--mend", "--json", page).stdout)["mended"] == 4
    assert "--mend mends" in run("report", page).stdout.decode()


@pytest.mark.parametrize("ending", [".jsonl", ".pcapng"])
def test_what_was_mended_stays_marked_in_a_recording(page, tmp_path, ending):
    path = tmp_path / f"recorded{ending}"
    assert run("convert", "--mend", page, path).stderr == b""
    before, after = (objects(run("dump", "--json", *words)) for words in (("--mend", page), (path,)))
    assert after == before


@pytest.mark.parametrize("ending", [".log", ".csv", ".bin"])
def test_a_format_that_cannot_hold_the_marks_says_so(page, tmp_path, ending):
    done = run("convert", "--mend", page, tmp_path / f"new{ending}")
    assert "marks of mended lines" in done.stderr.decode()


@pytest.mark.parametrize("port", ["/dev/ttyUSB97", "socket://127.0.0.1:9", "demo", "COM5", "/dev/null"])
@pytest.mark.parametrize("command", [["dump"], ["report"], ["status"], []])
def test_a_port_is_never_mended(command, port):
    done = run(*command, "--mend", port)
    assert done.returncode == 2
    assert "never mended" in done.stderr.decode()
