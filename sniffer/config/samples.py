"""The sample sessions that come with the tool: in a checkout in `captures/`, in an installed package inside of it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_INDEX = "samples.toml"


@dataclass(frozen=True, slots=True)
class Sample:
    """One saved session. `about` is one line on what it shows."""

    path: Path
    about: str


def list_samples(package: Path = _PACKAGE) -> list[Sample]:
    """All samples that come with this package."""
    for folder in (package / "captures", package.parent / "captures"):
        if (folder / _INDEX).is_file():
            index = tomllib.loads((folder / _INDEX).read_text("utf-8"))
            return [Sample(folder / name, about) for name, about in index.items()]
    return []
