"""The bytes of JSON objects with their times and directions."""

from base64 import b64encode

import pytest

from sniffer.formats.text_files.carriers.json_bytes import find_bytes

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEX = FRAME.hex(" ")
BASE64 = b64encode(FRAME).decode()
TIME = "2026-01-15T08:59:48.001Z"
EPOCH = "1768467588.001000000"


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"log": f"RX: {HEX}\n", "stream": "stdout", "time": TIME}, [f"{TIME} RX: {HEX}"]),
        ({"__REALTIME_TIMESTAMP": "1768467588001000", "MESSAGE": HEX, "PRIORITY": "6"}, [f"{EPOCH} {HEX}"]),
        ({"time": 1768467588001, "msg": "rx", "buf": list(FRAME)}, [f"{EPOCH} rx: {HEX}"]),
        ({"packetRecv": HEX}, [f"Recv: {HEX}"]),
        ({"ts": 1768467588001, "rx_data": HEX, "tx_data": HEX}, [f"{EPOCH} rx: {HEX}", f"{EPOCH} tx: {HEX}"]),
        ({"timestamp": 1768467588.001, "_dir": "tx", "_payload": HEX}, [f"1768467588.001000 tx: {HEX}"]),
        ({"ts": 1768467588001, "dir": "rx", "hex": FRAME.hex()}, [f"{EPOCH} rx: {FRAME.hex()}"]),
        ({"payload": {"type": "Buffer", "data": list(FRAME)}}, [HEX]),
        ({"_source": {"@timestamp": TIME, "message": f"10:00:01 TX: {HEX}"}}, [f"10:00:01 TX: {HEX}"]),
        ({"result": [{"values": [["1768467588001000000", HEX], [TIME, HEX]]}]}, [f"{EPOCH} {HEX}", f"{TIME} {HEX}"]),
        ([TIME, "RX", HEX], [f"{TIME} RX: {HEX}"]),
        (list(FRAME), [HEX]),
        ([byte - 256 if byte > 127 else byte for byte in FRAME], [HEX]),
        ([hex(byte) for byte in FRAME], [HEX]),
        ({"_BOOT_ID": "0123456789abcdef", "MESSAGE": f"TX: {HEX}"}, [f"TX: {HEX}"]),
        ({"payload": {"type": "Buffer", "data": list(FRAME)}, "_msgid": "1f2e3d4c"}, [HEX]),
        ({"code": "ab12", "frames": [{"hex": HEX}, {"hex": HEX}]}, [HEX, HEX]),
        ({"code": "ab12", "level": 1}, ["ab12"]),
        ({"tst": TIME, "topic": "evse/rx", "payload": FRAME.hex()}, [f"{TIME} rx: {FRAME.hex()}"]),
        ({"__MONOTONIC_TIMESTAMP": "5000123000", "MESSAGE": HEX}, [HEX]),
        ({"received_at": TIME, "uplink": {"frm_payload": BASE64}}, [f"{TIME} {HEX}"]),
        ({"payload": b64encode(FRAME[:8]).decode()}, [FRAME[:8].hex(" ")]),
        ({"payload": "Disconnected", "note": BASE64}, []),
        ({"time": 1768467588.5, "hex": HEX}, [f"1768467588.500000 {HEX}"]),
        (
            {"frame": {"frame.time_epoch": "1768467588.001000000"}, "usb.capdata": FRAME.hex(":")},
            [f"{EPOCH} {FRAME.hex(':')}"],
        ),
        ({"version": 2, "width": 80, "height": 24}, []),
        ({"level": "info", "id": 42}, []),
        ({"NAME": "Generic", "GPIO": [1, 1, 0, 32], "FLAG": 0}, []),
        ({"phases": [[6, 6], [16, 16]]}, []),
        ({"phases": list(FRAME)}, [HEX]),
        ({"rxBuffer": [1, 2, 3]}, ["01 02 03"]),
        ({"rx": [1, 2, 3]}, ["01 02 03"]),
        ({"rx_rate": "9600", "hex": HEX}, [HEX]),
    ],
)
def test_an_object_gives_its_bytes_with_their_time_and_direction(value: object, lines: list[str]) -> None:
    assert list(find_bytes(value)) == lines
