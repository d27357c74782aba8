"""The origin of a definition: the name of a known board, or of a user's file, and a digest of its text.

The digest distinguishes two states of the same file. The folder of a file is no part of it, as a capture that is
passed on need not say where somebody keeps files.
"""

from msgspec import Struct

DIGEST_SIZE = 16
"""The hexadecimal digits of a digest."""


class DefinitionOrigin(Struct, frozen=True):
    """A definition that was laid over the packaged one. `digest` is the beginning of the SHA-256 of its text."""

    name: str
    is_board: bool
    digest: str


def build_origin(name: str, text: str, *, is_board: bool) -> DefinitionOrigin:
    """Return the origin of a definition with this text."""
    # Only a session with such a definition needs it, and the import takes a fifth of the time of a bare interpreter.
    import hashlib

    return DefinitionOrigin(name, is_board, hashlib.sha256(text.encode()).hexdigest()[:DIGEST_SIZE])
