"""`evse-sniff explain` as people run it."""

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
