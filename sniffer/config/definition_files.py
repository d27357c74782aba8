"""The definition files of a user, laid over the packaged definition.

In: paths. Out: the resulting `Definition`, or a `DefinitionError` that names the file and what is wrong with it. Only
files and pipes are read: opening a device has effects, and a tapped port must not be opened by mistake.
"""

from collections.abc import Sequence
from pathlib import Path

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import load, packaged_definition, packaged_files


def load_definition(paths: Sequence[str]) -> Definition:
    """Return the packaged definition with these files laid over it, in order. Raises `DefinitionError`."""
    if not paths:
        return packaged_definition()
    return load(packaged_files(), [(path, _read_text(Path(path))) for path in paths])


def _read_text(path: Path) -> str:
    """Return the text of a definition file. Raises `DefinitionError` that says what to do."""
    if path.is_char_device() or path.is_block_device():
        raise DefinitionError(f"{path}: this is a device, not a definition file")
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path}: not text in UTF-8, as a definition file is: save it as UTF-8") from error
    except FileNotFoundError as error:
        raise DefinitionError(f"{path}: no such definition file") from error
    except IsADirectoryError as error:
        raise DefinitionError(f"{path}: this is a directory, not a definition file") from error
    except (OSError, ValueError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
