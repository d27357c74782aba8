"""Keys of the settings that are not known, as people mistype them."""

from collections.abc import Iterable, Iterator

from sniffer.base.suggest import find_near_words


def list_mistyped(keys: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Yield a text about each key that is not known and may be a mistyped one.

    Others stay in the file without a word, as another version may know them.
    """
    names = [*known]
    for key in keys:
        if key not in names and (near := find_near_words(key, names)):
            yield f"{key} is no setting: did you mean {near[0]}?"
