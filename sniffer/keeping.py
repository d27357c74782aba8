"""Small text files that are kept for the user from one start to the next: read whole, replaced whole.

A file is replaced in one step, so that neither a crash nor a second program that starts leaves half of one. All raise
`KeepingError`, whose message is one line with the file's name.
"""

import os
import tempfile
from pathlib import Path

from sniffer.errors import KeepingError


def read_text(path: Path) -> str:
    """What stands in the file; nothing where there is none."""
    try:
        # Editors on Windows put a mark before UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise KeepingError(f"{path}: not text in UTF-8: mend it or delete it") from error
    except OSError as error:
        raise KeepingError(f"{path}: cannot be read: {error.strerror}") from error


def replace_text(path: Path, text: str) -> None:
    """Let this stand in the file. A link stays a link: what it points to is replaced."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = Path(os.path.realpath(path))
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise KeepingError(f"{path}: cannot be written: {error.strerror}") from error
