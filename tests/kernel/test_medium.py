"""A recording on a disk that is pulled out: the kernel goes on taking bytes for it."""

import subprocess

from tests.kernel.bench import Bench, Wire
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw

PULL_OUT = """
device=$(basename "$(readlink -f /sys/block/vdb/device)")
echo "$device" > /sys/bus/virtio/drivers/virtio_blk/unbind
"""


def test_what_a_disk_that_is_pulled_out_loses_is_reported(bench: Bench, adapter: str, wire: Wire) -> None:
    bench.shell("mkdir -p /mnt/medium; mount /dev/vdb /mnt/medium")
    words = ("evse-sniff", "record", adapter, "--baud", "115200", "-o", "/mnt/medium/a.pcapng")
    command, pid = bench.format_start(words, "root")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as recording:
        assert recording.stdout
        assert recording.stderr
        assert "recording" in recording.stdout.readline()
        bench.wait_until_read(adapter)
        wire.write(FRAME)
        bench.shell("until [ -s /mnt/medium/a.pcapng ]; do sleep 0.1; done")
        bench.shell(PULL_OUT)
        wire.write(FRAME * 3)
        assert "NOT RECORDED: the disk lost what it took: is it still plugged in?" in recording.stderr.readline()
        bench.signal("INT", pid)
        assert recording.wait(60) == 1
        assert "could not be recorded" in recording.stdout.read() + recording.stderr.read()
    bench.shell("umount -l /mnt/medium")
