# ruff: noqa: E501
"""Frames of known boards, as facts from public sources.

- `modbus`: sigrokproject/sigrok-dumps, uart/modbus_rtu: a Brainchild IO-16DO (both wires of its RS-232 line), a flow
  meter, and a wizmodbus sensor.
- `jbd`, `jbd-up`: syssi/esphome-jbd-bms, docs/pdus and docs/ffaa-auth-flow.
- `jk`: syssi/esphome-jk-bms, docs/pdus, JK-B2A24S20P-10.07-UART-TTL, and docs, protocol-design-uart-ttl-gps-port; the
  write of a switch is from diysolarforum.com, thread 66034.
- `ant`: syssi/esphome-ant-bms, docs/pdus, btsnoop_hci_ANT-BLE16ZMUB-reduced.
- `tuya`: community.home-assistant.io, topic 769482 (an energy meter); arendst/Tasmota, issue 20608 and the log of a
  curtain motor.

Each line is the name of a command and the bytes of a frame; `>` stands before a request and `<` before its answer, `-`
before a frame that answers nothing.
"""

BOARDS = {
    "modbus": """
> read coils: 01 01 00 03 00 01 0D CA
< coils: 01 01 01 01 90 48
> read discrete inputs: 01 02 00 00 00 01 B9 CA
< discrete inputs: 01 02 01 00 A1 88
> read holding registers: 01 03 00 63 00 01 74 14
< holding registers: 01 03 02 02 01 78 E4
> read input registers: 01 04 00 78 00 01 B1 D3
< input registers: 01 04 02 4B 00 8F C0
> write coil: 01 05 00 03 FF 00 7C 3A
< write coil answer: 01 05 00 03 FF 00 7C 3A
> write register: 01 06 00 01 00 55 18 35
< write register answer: 01 06 00 01 00 55 18 35
> write coils: 01 0F 00 02 00 01 01 01 96 97
< write coils answer: 01 0F 00 02 00 01 35 CB
> write registers: 01 10 00 01 00 01 02 00 AA 27 FE
< write registers answer: 01 10 00 01 00 01 50 09
> read holding registers: F7 03 00 0D 00 01 01 5F
< holding registers: F7 03 02 00 08 71 97
> read holding registers: F7 03 40 82 00 02 65 75
< holding registers: F7 03 04 00 00 00 03 2C 3D
> read holding registers: 01 03 03 E8 00 02 44 7B
< holding registers: 01 03 04 52 66 57 07 75 66
> read holding registers: 01 03 03 EA 00 02 E5 BB
< holding registers: 01 03 04 A4 71 46 2C BA A5
""",
    "jbd": """
> read state: DD A5 03 00 FF FD 77
< state: DD 03 00 1D 06 18 00 00 01 F2 01 F4 00 00 2C 7C 00 00 00 00 00 00 80 64 03 04 03 0B 8B 0B 8A 0B 84 FA 8D 77
> read cell voltages: DD A5 04 00 FF FC 77
< cell voltages: DD 04 00 08 0F 45 0F 3D 0F 37 0F 3D FE C6 77
> read hardware version: DD A5 05 00 FF FB 77
< hardware version: DD 05 00 19 4A 42 44 2D 53 50 30 34 53 30 33 34 2D 4C 34 53 2D 32 30 30 41 2D 42 2D 55 FA 08 77
> read error counts: DD A5 AA 00 FF 56 77
< error counts: DD AA 00 18 00 00 00 00 00 00 00 7A 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01 FF 6B 77
> set switches: DD 5A E1 02 00 01 FF 1C 77
< set switches answer: DD E1 00 00 00 00 77
> leave factory mode: DD 5A 01 02 00 00 FF FD 77
< leave factory mode answer: DD 01 00 00 00 00 77
> password: DD 5A 09 07 06 4A 31 42 32 44 34 FE 83 77
< password answer: DD 09 00 00 00 00 77
> enter factory mode: DD 5A 00 02 56 78 FF 30 77
< enter factory mode answer: DD 00 00 00 00 00 77
""",
    "jbd-up": """
> read registers: 01 78 24 00 24 50 00 00 75 C5
< registers: 01 78 24 00 24 50 00 0E 00 00 00 00 00 00 00 00 00 00 00 00 00 00 F7 B5
> read registers: 01 78 28 00 28 0F 00 00 46 4B
< registers: 01 78 28 00 28 0F 00 0C 07 EA 00 06 00 06 00 11 00 06 00 38 BB BE
- read registers: 02 78 24 00 24 50 00 00 35 D0
> read registers: 01 78 29 00 29 10 00 00 77 A0
< registers: 01 78 29 00 29 10 00 0E 00 00 00 00 00 00 00 00 00 00 00 00 00 00 79 D2
""",
    "jk": """
> read all registers: 4E 57 00 13 00 00 00 00 06 03 00 00 00 00 00 00 68 00 00 01 29
< all registers: 4E 57 01 18 00 00 00 00 06 00 01 79 27 01 0F FC 02 0F CF 03 0F FD 04 0F FC 05 0F FC 06 0F FA 07 0F F7 08 0F FE 09 0F FE 0A 0F FC 0B 0F F7 0C 0F F7 0D 0F FD 80 00 16 81 00 13 82 00 13 83 14 C1 84 00 00 85 5E 86 02 87 00 00 89 00 00 00 00 8A 00 0D 8B 00 00 8C 00 04 8E 15 54 8F 0E BA 90 10 68 91 10 04 92 00 05 93 0B 54 94 0C 80 95 00 05 96 01 2C 97 00 96 98 01 2C 99 00 19 9A 00 1E 9B 0C E4 9C 00 0A 9D 01 9E 00 5A 9F 00 46 A0 00 64 A1 00 64 A2 00 14 A3 00 46 A4 00 46 A5 FF EC A6 FF F6 A7 FF EC A8 FF F6 A9 0D AA 00 00 00 05 AB 00 AC 00 AD 04 2E AE 01 AF 01 B0 00 0A B1 14 B2 31 32 33 34 35 36 00 00 00 00 B3 00 B4 49 6E 70 75 74 20 55 73 B5 32 32 30 34 B6 00 00 00 00 B7 31 30 2E 58 57 5F 53 31 30 2E 30 37 5F 5F 5F B8 00 B9 00 00 00 00 BA 49 6E 70 75 74 20 55 73 65 72 64 61 4A 4B 2D 42 32 41 32 34 53 31 35 50 C0 01 00 00 00 00 68 00 00 54 4E
> read all registers: 4E 57 00 13 00 00 00 00 06 03 00 00 00 00 00 00 68 00 00 01 29
< all registers: 4E 57 01 1B 00 00 00 00 06 00 01 79 2A 01 0E ED 02 0E FA 03 0E F7 04 0E EC 05 0E F8 06 0E FA 07 0E F1 08 0E F8 09 0E E3 0A 0E FA 0B 0E F1 0C 0E FB 0D 0E FB 0E 0E F2 80 00 1D 81 00 1E 82 00 1C 83 14 EF 84 80 D0 85 0F 86 02 87 00 04 89 00 00 00 00 8A 00 0E 8B 00 00 8C 00 07 8E 16 26 8F 10 AE 90 0F D2 91 0F A0 92 00 05 93 0B EA 94 0C 1C 95 00 05 96 01 2C 97 00 07 98 00 03 99 00 05 9A 00 05 9B 0C E4 9C 00 08 9D 01 9E 00 5A 9F 00 46 A0 00 64 A1 00 64 A2 00 14 A3 00 46 A4 00 46 A5 FF EC A6 FF F6 A7 FF EC A8 FF F6 A9 0E AA 00 00 00 0E AB 01 AC 01 AD 04 11 AE 01 AF 01 B0 00 0A B1 14 B2 31 32 33 34 35 36 00 00 00 00 B3 00 B4 49 6E 70 75 74 20 55 73 B5 32 31 30 31 B6 00 00 E2 00 B7 48 36 2E 58 5F 5F 53 36 2E 31 2E 33 53 5F 5F B8 00 B9 00 00 00 00 BA 42 54 33 30 37 32 30 32 30 31 32 30 30 30 30 32 30 30 35 32 31 30 30 31 C0 01 00 00 00 00 68 00 00 54 D1
- write register: 4E 57 00 14 00 00 00 00 02 03 02 AB 01 00 00 00 00 68 00 00 01 D4
""",
    "ant": """
> read registers: 7E A1 02 6C 02 20 58 C4 AA 55
- registers: 7E A1 12 6C 02 20 31 36 5A 4D 00 00 00 00 00 00 00 00 00 00 00 00 31 36 5A 4D 55 42 30 30 2D 32 31 31 30 32 36 41 72 08 FF 0B 00 00 41 F2 AA 55
- write register: 7E A1 22 00 00 02 42 0E BD EC AA 55
- write register answer: 7E A1 42 00 00 02 42 0E B4 4C FF 0A 00 00 10 32 AA 55
> read state: 7E A1 01 00 00 BE 18 55 AA 55
< state: 7E A1 11 00 00 8E 05 01 02 10 00 00 00 00 00 00 00 00 80 00 80 01 00 00 00 00 00 00 00 00 00 00 00 00 E4 0C E4 0C E5 0C E5 0C E8 0C E7 0C E7 0C E6 0C E8 0C E7 0C E7 0C E7 0C E7 0C E7 0C E6 0C E9 0C 01 00 02 00 02 00 07 00 A4 14 03 00 5B 00 64 00 01 01 00 00 00 76 B0 10 D5 67 0E 0F BA 32 4A 00 0F 00 00 00 10 58 2E 02 00 00 00 00 E9 0C 10 00 E4 0C 01 00 05 00 E6 0C 00 00 80 00 7A 00 0F 02 F2 FA B9 8C 3B 00 BB D8 58 00 DA 2D 43 00 E8 B6 49 00 05 43 AA 55
> control: 7E A1 51 07 00 00 38 E4 AA 55
< control answer: 7E A1 61 07 00 02 01 00 B6 2B AA 55
> read log: 7E A1 04 00 00 0C 98 EC AA 55
< log: 7E A1 14 00 00 0C 40 70 3B 18 DC 8F 9E 11 37 42 84 01 A8 F9 AA 55
""",
    "tuya": """
> heartbeat: 55 AA 00 00 00 00 FF
< heartbeat answer: 55 AA 00 00 00 01 01 01
- network state: 55 AA 00 03 00 01 02 05
- set data points: 55 AA 00 06 00 05 01 04 00 01 02 12
- data points: 55 AA 03 07 00 05 01 01 00 01 00 11
- data points: 55 AA 03 07 00 08 69 02 00 04 00 00 02 F5 77
- data points: 55 AA 03 07 00 08 86 02 00 04 00 0F 42 3F 2D
- query signal strength: 55 AA 03 24 00 00 26
""",
}  # fmt: skip
