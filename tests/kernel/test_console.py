"""The screen on a serial console, as on a board without a display: `TERM=vt220` at a real 8250."""

from tests.kernel.bench import Bench
from tests.live.terminal import Terminal
from tests.tools import need

START = """
stty -F /dev/ttyS2 115200 sane rows 24 cols 80
exec setsid -w sh -c 'exec evse-sniff demo < /dev/ttyS2 > /dev/ttyS2 2>&1'
"""


def test_the_screen_is_drawn_and_keys_are_taken(bench: Bench) -> None:
    attach = f"{need('socat')} -,raw,echo=0 UNIX-CONNECT:{bench.end('uart2')}"
    with (
        Terminal(command=attach, width=80, height=24) as terminal,
        bench.running("env", "TERM=vt220", "LANG=C.UTF-8", "sh", "-c", START) as program,
    ):
        # Starting takes long under emulation.
        terminal.wait_for("? help")
        terminal.wait_for("com>pwr")
        terminal.press("2")
        terminal.wait_for("no fault")
        terminal.press("q")
        assert program.wait(60) == 0
