"""Work that may block, in a thread that nobody has to wait for.

A disk can take minutes to answer, or never do it (a share that went away). The loop goes on meanwhile, and so does the
end of the program: unlike asyncio's own threads these are not waited for, so what hangs in one does not hold up either.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


async def run_detached(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises. Who is cancelled while waiting leaves it running."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(call: Callable[..., None], value: object) -> None:
        if not done.cancelled():
            call(value)

    def run() -> None:
        try:
            told: tuple[Callable[..., None], object] = (done.set_result, work())
        except BaseException as error:
            told = (done.set_exception, error)
        # The loop may have ended meanwhile: then nobody waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, *told)

    Thread(target=run, name="disk", daemon=True).start()
    return await done
