"""Read the data files of the package.

`importlib.resources` is not used: it imports `tempfile`, `zipfile` and what these need, a sixteenth of the time of
`explain`.
"""

from pkgutil import get_data


def read_package_text(package: str, path: str) -> str:
    """Return the text of a data file; `path` is relative to the package. Raises `OSError` if it cannot be read."""
    data = get_data(package, path)
    if data is None:
        raise FileNotFoundError(f"{package}: {path}")
    return data.decode("utf-8")
