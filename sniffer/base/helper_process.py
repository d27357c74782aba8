"""End a helper process when its parent ends.

The helper would not notice this by itself, as it holds both ends of the pipes between them.
"""

import os
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """From now on, end this process as soon as its parent has ended. Does nothing in a process without a parent."""
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
