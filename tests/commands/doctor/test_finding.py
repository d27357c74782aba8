"""How a finding is told."""

from sniffer.commands.doctor.finding import note, ok, wrong


def test_a_finding_is_one_aligned_line():
    assert ok("CRC", "in C").line() == "ok     CRC           in C"
    assert note("latency", "16 ms", "install the rules").line() == "note   latency       16 ms: install the rules"
    assert wrong("permission", "none", "ask").line() == "WRONG  permission    none: ask"


def test_what_a_device_or_a_program_says_of_itself_is_text_only():
    assert note("holders", "\x1b[2J", "\n\x9b").line() == r"note   holders       \x1b[2J: \n\x9b"
