"""Line errors as Debian's drivers report them: the adapter is a program, so it can report any line status."""

import pytest

from tests.kernel.bench import Bench, GuestTap
from tests.kernel.emulated_adapter import EmulatedAdapter
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
OVERRUN, PARITY, FRAMING, BREAK = "02", "04", "08", "10"


MARKING = pytest.mark.parametrize("emulated", ["ftdi", "cp2102"], indirect=True)
SILENT = pytest.mark.parametrize("emulated", ["copied cp2102", "ch340"], indirect=True)
"""Adapters that report no line errors, or whose driver does not."""


@MARKING
def test_framing_and_parity_errors_and_breaks_mark_their_bytes(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME)
        emulated.deliver(b"\x41", FRAMING)
        emulated.deliver(b"\xff", PARITY)
        emulated.deliver(b"\x00", BREAK)
        # The byte ec is the escape of a CP2102, ff that of the kernel.
        emulated.deliver(b"\xec", FRAMING)
        emulated.deliver(b"\xff\xec\x01" + FRAME)
        found = tap.next_seen(3)
        assert tap.interrupt()[0] == 0
    assert b"".join(bytes.fromhex(one["raw"]) for one in found) == FRAME + b"\x41\xff\x00\xec\xff\xec\x01" + FRAME
    # The kernel's marks do not tell a parity error from a framing error.
    errors = [{"at": at, "error": "break" if at == 2 else "framing"} for at in range(4)]
    assert found[1]["line_errors"] == errors


@MARKING
def test_an_overrun_is_a_gap_and_no_byte_is_invented(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME[:1], OVERRUN)
        emulated.deliver(FRAME[1:])
        found = tap.until("source_lost")
        emulated.deliver(FRAME)
        found += tap.next_seen(1)
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in found if one["type"] in ("frame", "noise")] == [FRAME.hex(), FRAME.hex()]
    (lost,) = (one for one in found if one.get("event") == "source_lost")
    assert lost["reason"] == "the driver lost bytes once: the machine did not read in time"


@SILENT
def test_without_reports_of_errors_every_byte_is_as_it_was_received(bench: Bench, emulated: EmulatedAdapter) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME)
        emulated.deliver(b"\x41\xec\x00\xec\x01\xff\x00", FRAMING)
        if emulated.chip == "ch340":
            # Carrier detect comes and goes. It hangs up a port that obeys it.
            for lines in (0x77, 0x7F, 0x77):
                emulated.interrupt(bytes((0x08, 0x7D, lines, 0xEE)))
        emulated.deliver(FRAME)
        found = tap.next_seen(3)
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in found] == [FRAME.hex(), "41ec00ec01ff00", FRAME.hex()]
    assert not any("line_errors" in one for one in found)
    assert "source_lost" not in [one.get("event") for one in tap.left]


# The last test, as no adapter is left then.
@pytest.mark.parametrize("emulated", ["ftdi", "cp2102", "ch340"], indirect=True)
def test_an_adapter_that_is_pulled_out_in_the_middle_of_a_frame_loses_none_of_its_bytes(
    bench: Bench, emulated: EmulatedAdapter
) -> None:
    with GuestTap(bench, emulated.device, "--baud", "115200") as tap:
        tap.wait_until_open(emulated.device)
        emulated.deliver(FRAME + FRAME[:10])
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        emulated.unplug()
        found = tap.until("source_lost")
        assert found[-1]["reason"].startswith("the port went away")
        assert tap.interrupt()[0] == 0
    assert [one["raw"] for one in [*found, *tap.left] if one["type"] == "noise"] == [FRAME[:10].hex()]
