"""Line errors as Debian's ftdi_sio reports them: the adapter is a program, so it can report any line status."""

from tests.kernel.bench import Bench, GuestTap
from tests.kernel.emulated_adapter import EmulatedAdapter
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
OVERRUN, PARITY, FRAMING, BREAK = "02", "04", "08", "10"


def test_framing_and_parity_errors_and_breaks_mark_their_bytes(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME)
        emulated.deliver(b"\x41", FRAMING)
        emulated.deliver(b"\xff", PARITY)
        emulated.deliver(b"\x00", BREAK)
        emulated.deliver(b"\xff" + FRAME)
        found = tap.next_seen(3)
        assert tap.interrupt()[0] == 0
    assert b"".join(bytes.fromhex(one["raw"]) for one in found) == FRAME + b"\x41\xff\x00\xff" + FRAME
    # The kernel's marks do not tell a parity error from a framing error.
    errors = [{"at": 0, "error": "framing"}, {"at": 1, "error": "framing"}, {"at": 2, "error": "break"}]
    assert found[1]["line_errors"] == errors


def test_an_overrun_is_a_gap_and_no_byte_is_invented(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME, OVERRUN)
        found = tap.until("source_lost")
        emulated.deliver(FRAME)
        found += tap.next_seen(1)
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in found if one["type"] in ("frame", "noise")] == [FRAME.hex(), FRAME.hex()]
    (lost,) = (one for one in found if one.get("event") == "source_lost")
    assert lost["reason"] == "the driver lost bytes, 1 times: the machine did not read in time"


def test_an_adapter_that_is_pulled_out_in_the_middle_of_a_frame_loses_none_of_its_bytes(
    bench: Bench, emulated: EmulatedAdapter
) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME + FRAME[:10])
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        emulated.unplug()
        found = tap.until("source_lost")
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in [*found, *tap.left] if one["type"] == "noise"] == [FRAME[:10].hex()]
