"""The definition files of a user and those of known boards, laid over the packaged definition.

In: paths, and names of boards. Out: the resulting `Definition`, or a `DefinitionError` that names the file and what is
wrong with it. Only files and pipes are read: opening a device has effects, and a tapped port must not be opened by
mistake.
"""

from collections.abc import Iterator, Sequence

import tomli
from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.base.phrasing import format_count
from sniffer.base.suggest import format_suggestion
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_origin import build_origin
from sniffer.core.protocol.loader import board_files, list_boards, load, packaged_definition, packaged_files

if TYPE_CHECKING:
    from pathlib import Path


def load_definition(words: Sequence[str]) -> Definition:
    """Return the packaged definition with these boards and files laid over it, in order.

    A word is the name of a board, or else the path of a file: a file that has the name of a board needs its path, as in
    `./tuya`. The boards come first. Raises `DefinitionError`.
    """
    return _lay_over(words, _read_own(words)) if words else packaged_definition()


def load_and_count(words: Sequence[str]) -> tuple[Definition, Sequence[str]]:
    """Return the definition as `load_definition` does, and for each file a line that says how much is in it."""
    own = _read_own(words)
    definition = _lay_over(words, own) if words else packaged_definition()
    return definition, [f"{path}: {_count_entries(text)}" for path, text in own]


def list_unasked(definition: Definition) -> Iterator[str]:
    """Yield a line for each command of a user's links that answers no command that is defined.

    No command of another direction has the codes that it answers.
    """
    asked = {(command.route.link.name, command.code, command.route.direction) for command in definition.commands}
    for command in definition.commands:
        link, own = command.route.link, command.route.direction
        wanted = {(link.name, code) for code in command.answered}
        if link.is_packaged or not wanted or any(one[:2] in wanted and one[2] != own for one in asked):
            continue
        codes = " or ".join(f"0x{code:02X}" for code in command.answered)
        yield f"{link.name}: {command.name} answers {codes}, which no command of another direction has"


def _count_entries(text: str) -> str:
    """Return the number of entries of each kind in a valid file, for people."""
    content = tomli.loads(text)
    kinds = {"link": "", "command": "", "error": "", "enumeration": "", "line": "log line", "exchange": ""}
    counts = [format_count(len(content[key]), name or key) for key, name in kinds.items() if content.get(key)]
    return ", ".join(counts) or "no link, command or error"


def _read_own(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return path and text of each file among these words."""
    if not words:
        return []
    from pathlib import Path

    known = list_boards()
    return [(path, _read_text(Path(path))) for path in words if path not in known]


def _lay_over(words: Sequence[str], own: Sequence[tuple[str, str]]) -> Definition:
    """Return the packaged definition with the boards among these words and the user's files laid over it."""
    from pathlib import Path

    known = list_boards()
    boards = dict.fromkeys(word for word in words if word in known)
    texts = board_files(boards)
    origins = [build_origin(name, texts[f"{name}.toml"], is_board=True) for name in boards]
    origins += [build_origin(Path(path).name, text, is_board=False) for path, text in own]
    return replace(load(packaged_files() | texts, own), origins=tuple(origins))


def _read_text(path: "Path") -> str:
    """Return the text of a definition file. Raises `DefinitionError` that says what to do."""
    if path.is_char_device() or path.is_block_device():
        raise DefinitionError(f"{path}: this is a device: name a definition file")
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path}: not text in UTF-8, as a definition file is: save it as UTF-8") from error
    except FileNotFoundError as error:
        is_word = str(path).isascii() and str(path).replace("-", "").isalnum()
        boards = f", and no known board{format_suggestion(str(path), list_boards())}" if is_word else ""
        raise DefinitionError(f"{path}: no such definition file{boards}") from error
    except IsADirectoryError as error:
        raise DefinitionError(f"{path}: this is a directory: name a definition file in it") from error
    except (OSError, ValueError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}") from error
