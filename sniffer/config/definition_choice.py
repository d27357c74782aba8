"""The definition for a session: that of `--definition`, or the one that a capture was recorded with.

In: the words of `--definition`, and the names of the sources. Out: the definition, and one line for each capture that
was recorded with another one. A known board is used at once if no definition is given and all files were recorded with
it. A user's file is not looked for: only the user knows where it is.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from sniffer.base.errors import SourceError
from sniffer.base.sanitize import printable
from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.protocol.loader import list_boards, load_board_routes
from sniffer.formats.pcapng.recorded_links import has_links_of
from sniffer.formats.recorded_with import RecordedWith
from sniffer.sources.stored.recorded_definitions import find_recorded


def choose_definition(
    words: Sequence[str], names: Sequence[str], show: Callable[[str], None], *, join: bool = False
) -> Definition:
    """Return the definition of these words of `--definition` for these sources. `show` is called with each notice.

    Its origins include the definitions that the sources were recorded with. So a capture that is written of the session
    still names them. Raises `DefinitionError`.
    """
    recorded = [*find_recorded(names, join=join)]
    boards = [] if words else _find_boards(recorded)
    definition = load_definition(words or boards)
    missing = dict.fromkeys(origin for one in recorded for origin in one.origins if origin not in definition.origins)
    for one in recorded:
        notice = describe_recorded(one, definition)
        if notice:
            show(notice)
        elif one.is_own and not has_links_of(one.origins, definition):
            show(
                f"evse-sniff: {printable(one.file)} was recorded without this definition: its bytes are framed again; "
                "frames that were one piece of noise have the earliest times that the rate allows"
            )
        elif boards:
            used = " ".join(f"--definition {printable(origin.name)}" for origin in one.origins)
            show(f"evse-sniff: {printable(one.file)} was recorded with {used}, which is used here")
    if not missing:
        return definition
    return replace(definition, origins=(*definition.origins, *missing), unused_origins=tuple(missing))


def choose_definition_of(
    words: Sequence[str], recorded: RecordedWith, load: Callable[[tuple[str, ...]], Definition]
) -> Definition:
    """Return the definition of these words for one capture of many; without words, the one that it was recorded with.

    `load` loads a definition. Raises `DefinitionError`, and `SourceError` if the capture needs a definition that is
    not given: its frames would be noise.
    """
    definition = load(tuple(words or _find_boards([recorded])))
    lacking = _find_lacking(recorded, definition)
    if lacking and not _is_other_state(lacking, definition.origins):
        what, give = _describe_missing(lacking)
        raise SourceError(f"{recorded.file}: it was recorded with the definition {what}: give {give}")
    return definition


def describe_recorded(recorded: RecordedWith, definition: Definition) -> str | None:
    """Return a notice if a session was recorded with a definition that is no part of this one; None if not."""
    if lacking := _find_lacking(recorded, definition):
        return _describe_lack(recorded.file, lacking, definition.origins)
    unknown = _find_unknown_links(recorded, definition)
    return _describe_unknown_links(recorded.file, unknown) if unknown else None


def _find_lacking(recorded: RecordedWith, definition: Definition) -> list[DefinitionOrigin]:
    """Return the definitions that a file was recorded with and that are no part of this one."""
    return [origin for origin in recorded.origins if origin not in definition.origins]


def _find_unknown_links(recorded: RecordedWith, definition: Definition) -> list[str]:
    """Return the links of frames in a file that names no definition, which this one does not have."""
    return [link for link in recorded.links if link not in definition.links.links]


def _describe_unknown_links(file: str, links: Sequence[str]) -> str:
    """Return which links are unknown, and what to do: to give the known board with these links, or a file."""
    names = " and ".join(map(printable, links))
    of_boards = {name: {route.link.name for route in routes} for name, routes in load_board_routes().items()}
    board = next((name for name, known in of_boards.items() if known.issuperset(links)), "FILE")
    noun = "link" if len(links) == 1 else "links"
    return (
        f"evse-sniff: {printable(file)} has frames of the {noun} {names} and names no definition: without it, they may "
        f"be noise: give --definition {board}"
    )


def _is_other_state(lacking: Sequence[DefinitionOrigin], used: Sequence[DefinitionOrigin]) -> bool:
    """Return True if each lacking definition is in use in another version: with the same name and another text."""
    same_name = {(origin.name, origin.is_board) for origin in used}
    return all((origin.name, origin.is_board) in same_name for origin in lacking)


def _describe_missing(lacking: Sequence[DefinitionOrigin]) -> tuple[str, str]:
    """Return which definitions are lacking, and the options that give them."""
    give = " ".join(f"--definition {printable(origin.name)}" for origin in lacking)
    return " and ".join(map(_format, lacking)), give


def _find_boards(recorded: Sequence[RecordedWith]) -> list[str]:
    """Return the boards that each of these files was recorded with.

    The list is empty if they differ, or need a user's file as well.
    """
    different = {one.origins for one in recorded}
    origins = different.pop() if len(different) == 1 else ()
    known = list_boards()
    are_known = all(origin.is_board and origin.name in known for origin in origins)
    return [*dict.fromkeys(origin.name for origin in origins)] if are_known else []


def _describe_lack(file: str, lacking: Sequence[DefinitionOrigin], used: Sequence[DefinitionOrigin]) -> str:
    """Return which definitions a capture was recorded with that are not used, and what to do."""
    start = f"evse-sniff: {printable(file)} was recorded with "
    if _is_other_state(lacking, used):
        others = " and ".join(map(_format, lacking))
        return f"{start}another state of the definition {others} than is used here: its frames may be shown differently"
    what, give = _describe_missing(lacking)
    return f"{start}the definition {what}: without it, its frames may be noise: give {give}"


def _format(origin: DefinitionOrigin) -> str:
    """Return a definition for people: its name, and the digest of a file."""
    return printable(origin.name) if origin.is_board else f"{printable(origin.name)} (sha256 {origin.digest})"
