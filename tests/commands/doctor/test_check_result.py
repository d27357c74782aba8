"""The line of a result."""

from sniffer.commands.doctor.check_result import note, ok, wrong


def test_a_result_is_one_aligned_line():
    assert ok("CRC", "in C").format_line() == "ok     CRC           in C"
    assert (
        note("latency", "16 ms", "install the rules").format_line() == "note   latency       16 ms: install the rules"
    )
    assert wrong("permission", "none", "ask").format_line() == "WRONG  permission    none: ask"


def test_control_characters_are_escaped():
    assert note("holders", "\x1b[2J", "\n\x9b").format_line() == r"note   holders       \x1b[2J: \n\x9b"
