"""The packages that the lake needs, which are optional extras: what to install if one is missing."""

from collections.abc import Sequence
from importlib.util import find_spec

from sniffer.base.errors import SnifferError

STORE_PACKAGES = ("pyarrow", "fsspec")
QUERY_PACKAGES = ("duckdb", "pyarrow", "fsspec")
WORKER_PACKAGES = ("distributed",)


def require_packages(names: Sequence[str], extra: str) -> None:
    """Raise `SnifferError` if one of these packages is missing. `extra` is the extra that installs them."""
    if missing := [name for name in names if find_spec(name) is None]:
        raise SnifferError(f"the lake needs {' and '.join(missing)}: `pip install 'evse-sniff[{extra}]'`")
