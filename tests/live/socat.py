"""A serial line that socat makes of two pseudo-terminals: bytes written to `near` are read at `far`."""

import os
import subprocess
import time
from pathlib import Path

from tests.tools import need


class Pair:
    """The line, plugged in for as long as the block lasts; both ends are links in `folder`, and go with it."""

    def __init__(self, folder: Path, name: str = "pair") -> None:
        self.near, self.far = str(folder / f"{name}-near"), str(folder / f"{name}-far")

    def write(self, data: bytes) -> None:
        self._sender.write(data)

    def __enter__(self) -> "Pair":
        ends = [f"pty,raw,echo=0,link={end}" for end in (self.near, self.far)]
        self._process = subprocess.Popen([need("socat"), *ends])
        while not (os.path.exists(self.near) and os.path.exists(self.far)):
            assert self._process.poll() is None
            time.sleep(0.01)
        self._sender = open(self.near, "wb", buffering=0)
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.close()
        self._process.terminate()
        self._process.wait()
