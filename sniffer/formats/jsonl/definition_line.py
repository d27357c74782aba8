"""The definitions that a session in JSON lines was decoded with: an event in the first line (`docs/json.md`).

A session of the packaged definition alone has no such line. Files of earlier versions have none either: there the links
of the frames show which definition is needed.
"""

import json
from collections.abc import Iterator
from typing import Any

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_origin import DIGEST_SIZE, DefinitionOrigin
from sniffer.formats.jsonl.splitter import to_utf8

EVENT = "definition"

_BETWEEN = compile_late(r"[\[\],\s]*")
_DIGEST = compile_late(rf"[0-9a-f]{{{DIGEST_SIZE}}}")


def format_definition_lines(definition: Definition) -> Iterator[str]:
    """Yield the line that names the definitions of a session, if it was decoded with others than the packaged one."""
    if definition.origins:
        named = [
            {"name": origin.name, "board": origin.is_board, "digest": origin.digest} for origin in definition.origins
        ]
        yield json.dumps({"type": "event", "time": None, "event": EVENT, "definitions": named})


def parse_origins(head: bytes) -> tuple[DefinitionOrigin, ...]:
    """Return the definitions that the first object of a file with this beginning names; none if it names none."""
    first = next(_list_objects(head), {})
    if (first.get("type"), first.get("event")) != ("event", EVENT):
        return ()
    named = first.get("definitions")
    return tuple(filter(None, map(_parse_origin, named))) if isinstance(named, list) else ()


def list_links(head: bytes) -> tuple[str, ...]:
    """Return the links of the frames in the beginning of a file, each once."""
    links = (entry.get("link") for entry in _list_objects(head) if entry.get("type") == "frame")
    return tuple(dict.fromkeys(link for link in links if isinstance(link, str)))


def _parse_origin(named: Any) -> DefinitionOrigin | None:
    """Return a definition that is named; None if it is not one."""
    if not isinstance(named, dict):
        return None
    name, is_board, digest = named.get("name"), named.get("board"), str(named.get("digest"))
    if isinstance(name, str) and name and isinstance(is_board, bool) and _DIGEST.fullmatch(digest):
        return DefinitionOrigin(name, is_board, digest)
    return None


def _list_objects(head: bytes) -> Iterator[dict[str, Any]]:
    """Yield the whole objects in the beginning of a file, up to what is no JSON."""
    text, at, decoder = to_utf8(head).decode("utf-8", "replace").lstrip("\ufeff"), 0, json.JSONDecoder()
    while match := _BETWEEN.match(text, at):
        try:
            entry, at = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            return
        if isinstance(entry, dict):
            yield entry
