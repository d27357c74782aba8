"""A real 8250 with its driver: the UART of an industrial PC."""

from tests.kernel.bench import Bench, GuestTap
from tests.known_frames import STATUS_REPORT

PORT = "/dev/ttyS1"
FRAME = STATUS_REPORT.raw


def test_a_break_is_marked_and_the_frames_around_it_are_exact(bench: Bench) -> None:
    before = bench.run("stty", "-a", "-F", PORT)
    wire = bench.wire("uart1")
    with GuestTap(bench, PORT, "--baud", "115200") as tap:
        tap.wait_until_open(PORT)
        wire.write(FRAME)
        found = tap.next_seen(1)
        bench.machine.qmp.execute("chardev-send-break", id="uart1")
        found += tap.next_seen(1)
        wire.write(FRAME + b"\xff\xff" + FRAME)
        found += tap.next_seen(3)
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in found] == [FRAME.hex(), "00", FRAME.hex(), "ffff", FRAME.hex()]
    assert found[1]["line_errors"] == [{"at": 0, "error": "break"}]
    assert wire.read() == b""
    assert bench.run("stty", "-a", "-F", PORT) == before
    wire.close()
