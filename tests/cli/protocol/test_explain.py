"""`evse-sniff explain` as people run it."""

import subprocess
import sys

from tests.cli.helpers import objects, run


class TestExplain:
    def test_explain_answers_codes_names_frames_and_lines(self):
        for words in (["14,2097672"], ["0x200208"], ["2097672"], ["UnderVoltage"], ["icomCode = 4,index=3"]):
            done = run("explain", *words)
            assert done.returncode == 0
            assert b"Under voltage" in done.stdout
        frame = run("explain", "BB", "DD", "DD", "32", "06", "59", "2A", "59", "68", "59", "AD", "6B", "BC")
        assert b"L1 228.26 V" in frame.stdout

    def test_explain_refuses_nonsense_as_wrong_usage(self):
        done = run("explain", "nonsense")
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1

    def test_explain_prints_one_json_object(self):
        (made,) = objects(run("explain", "--json", "CX006"))
        assert made["faults"][0]["meaning"] == "Under voltage"
        assert run("explain", "--json", "nonsense").returncode == 2

    def test_a_misread_frame_is_mended_if_that_is_asked_for(self):
        misread = "BB DD DD 32 06 59 2A 59 €8 59 AD €B BC"
        (made,) = objects(run("explain", "--json", "--mend", misread))
        assert made["of"] == ["BB DD DD 32 06 59 2A 59 68 59 AD 6B BC"]
        assert made["mended"]["as_read"] == misread
        for words, status in ((misread, 0), (f"<=pwrboard:{misread}", 2)):
            done = run("explain", words)
            assert done.returncode == status
            assert b"--mend mends it" in done.stderr
            assert done.stderr.count(b"\n") == 1
        assert run("explain", "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC").stderr == b""

    def test_a_code_is_explained_without_what_only_frames_and_sessions_need(self):
        code = "import sys, sniffer.cli\nsniffer.cli.main(['explain', '14,2097672'])\nprint(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        loaded = set(done.stdout.splitlines()[-1].split())
        assert "sniffer.text.faults.fault_card" in loaded
        assert loaded.isdisjoint(
            {
                *("asyncio", "pathlib", "hashlib", "textual", "sniffer.core.charger.events", "sniffer.core.record"),
                *("sniffer.text.describe", "sniffer.commands.explain.backend_text"),
                "sniffer.formats.text_files.text_reader",
            }
        )
