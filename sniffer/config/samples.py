"""The sample sessions that come with the tool: in `captures/` of a checkout, or inside an installed package."""

from pathlib import Path

import tomli
from msgspec import Struct

_PACKAGE = Path(__file__).parents[1]
_INDEX = "samples.toml"


class Sample(Struct, frozen=True):
    """One saved session. `about` says in one line what it shows."""

    path: Path
    about: str


def list_samples(package: Path = _PACKAGE) -> list[Sample]:
    """Return all samples of this package; none if they are not installed."""
    for folder in (package / "captures", package.parent / "captures"):
        if (folder / _INDEX).is_file():
            index = tomli.loads((folder / _INDEX).read_text("utf-8"))
            return [Sample(folder / name, about) for name, about in index.items()]
    return []
