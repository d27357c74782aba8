"""Serve the screen of a session until it is interrupted: a live source is read once, here, and recorded.

In: a server, and for a live source its session and recorder. Out: pages, whose programs follow the recording and so can
take nothing from the line. When the recording goes on in a new file, the screens are closed: a new one shows that file.
"""

import asyncio
from collections.abc import Callable

from sniffer.commands.serve.web_server import ScreenServer
from sniffer.session import Session

LOOK_INTERVAL = 1.0
"""Seconds after which is looked whether the recording goes on in a new file."""


async def serve_screen(server: ScreenServer, session: Session | None, say: Callable[[str], None]) -> None:
    """Serve until cancelled, or until the session ends with an error; its end leaves the screens as they are.

    `say` is called with the address. Raises `OutputError`, `RecordingError`, and the errors of the session.
    """
    recorder = session.recorder if session else None
    reading: asyncio.Task[None] | None = None
    try:
        if recorder:
            await recorder.open()
            say(f"recording into {recorder.state.path}")
        say(f"{await server.open()} shows the screen: Ctrl-C ends it")
        path = recorder.state.path if recorder else None
        reading = asyncio.create_task(session.run()) if session else None
        while True:
            await asyncio.sleep(LOOK_INTERVAL)
            if reading and reading.done():
                # An error ends the serving: nothing new would ever be shown.
                reading.result()
            if recorder and recorder.state.path != path:
                path = recorder.state.path
                await server.close_viewers()
    finally:
        await server.close()
        if reading:
            reading.cancel()
            await asyncio.wait([reading])
