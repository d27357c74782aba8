"""An FTDI adapter that is pulled out and plugged in again, at Debian's ftdi_sio and udevd."""

from tests.kernel.bench import Bench, GuestTap, Wire
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
CYCLES = 5


def test_a_replugged_adapter_loses_no_byte_and_is_known_by_its_number(bench: Bench, adapter: str, wire: Wire) -> None:
    with GuestTap(bench, adapter, "--baud", "115200") as tap:
        tap.wait_until_open(adapter)
        for _ in range(CYCLES):
            wire.write(FRAME)
            assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
            bench.unplug(1)
            assert "the port went away" in tap.until("source_lost")[-1]["reason"]
            assert bench.plug(1) == adapter
            back = tap.until("source_back")[-1]
            assert back["how"] == "the same port, known by serial number A60X7Q"
        assert tap.interrupt()[0] == 0
