"""The place of a lake: a folder, or any store that fsspec knows, such as `s3://bucket/lake`.

A session is the files `TABLE/bench=B/date=D/SESSION.parquet`, one for each table that has rows. Those of `sessions`
are put in place last: without one, the other files of a session are not there for any reader. Each file appears in one
step. In a folder it is written aside and renamed; object stores show an object when it is complete; in any other store
it is written aside and moved.

A recording that has grown replaces its earlier session: `replaced/SESSION` says so, and stays, so that the earlier
content is not added again. All calls may block. Failures raise `OutputError` or `LakeError`.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import NamedTuple
from urllib.parse import quote, unquote

import fsspec
from fsspec.implementations.local import LocalFileSystem
from msgspec import Struct
from pyarrow import parquet

from sniffer.base.errors import LakeError, OutputError, describe_write_failure
from sniffer.fleet.lake.schema import SESSIONS, TABLES, TABLES_BY_NAME

STAGING = ".staging"
"""The folder in which files of a lake on this machine are written aside."""

REPLACED = "replaced"

NO_DATE = "__HIVE_DEFAULT_PARTITION__"
"""The name that stands for null in the name of a folder (Apache Hive)."""

OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory"})
"""The protocols of stores in which an object appears in one step, when it is complete."""

ABANDONED_AFTER = 24 * 3600.0
"""Seconds after which files that were written aside belong to no running program."""

_ENDING = ".parquet"


class Partition(NamedTuple):
    """The folder of a session within each table. `date` is None if the session has no times."""

    bench: str
    date: str | None

    @property
    def path(self) -> str:
        """The path of the folder within that of a table."""
        return f"bench={quote(self.bench, safe='')}/date={self.date or NO_DATE}"


class LakeListing(Struct, frozen=True):
    """The files of a lake at one moment.

    `sessions` are the sessions that are present, and where. `replaced` are those that a longer one has replaced.
    `files` are the paths of the files of the sessions that are present, by table.
    """

    sessions: Mapping[str, Partition]
    replaced: frozenset[str]
    files: Mapping[str, Sequence[str]]


class LakeStore:
    """The place of one lake. `url` is a folder or a URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Some stores connect here already, and each library has errors of its own.
        with _translate_errors(f"{url}: this store cannot be used", LakeError):
            self.fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        self.root: str = root.rstrip("/") or root
        self.is_local = isinstance(self.fs, LocalFileSystem)
        protocols = {self.fs.protocol} if isinstance(self.fs.protocol, str) else {*self.fs.protocol}
        self._appears_whole = bool(protocols & OBJECT_STORES)

    def path_of(self, table: str, session: str, partition: Partition) -> str:
        """Return the path of the file of a session."""
        return f"{self.root}/{table}/{partition.path}/{session}{_ENDING}"

    def list_files(self) -> LakeListing:
        """Return the content of the lake; nothing if there is no lake yet."""
        places: dict[str, dict[str, str]] = {table.name: {} for table in TABLES}
        replaced = set()
        with _translate_errors(self.url, LakeError):
            try:
                paths = self.fs.find(self.root)
            except FileNotFoundError:
                paths = []
        start = len(self.root) + 1
        for path in sorted(paths):
            table, _, rest = path[start:].partition("/")
            if table == REPLACED:
                replaced.add(rest)
            elif table in places and rest.endswith(_ENDING):
                folder, _, name = rest.rpartition("/")
                # Of a session that two programs added at once under two names of a bench, the first one counts.
                key = name.removesuffix(_ENDING)
                places[table].setdefault(key if table == SESSIONS.name else f"{folder}/{key}", folder)
        sessions = {name: folder for name, folder in places[SESSIONS.name].items() if name not in replaced}
        files = {
            table: [
                f"{self.root}/{table}/{folder}/{name}{_ENDING}"
                for name, folder in sessions.items()
                if table == SESSIONS.name or f"{folder}/{name}" in found
            ]
            for table, found in places.items()
        }
        parsed = {name: parse_partition(folder) for name, folder in sessions.items()}
        return LakeListing(parsed, frozenset(replaced), files)

    def read_sizes(self, sessions: Mapping[str, Partition]) -> dict[str, int]:
        """Return the sizes of the content of these sessions, in bytes."""
        sizes = {}
        with _translate_errors(self.url, LakeError):
            for name, partition in sessions.items():
                with self.fs.open(self.path_of(SESSIONS.name, name, partition), "rb") as file:
                    table = parquet.ParquetFile(file).read(["content_bytes"])
                sizes[name] = table.column(0)[0].as_py()
        return sizes

    @contextmanager
    def stage(self) -> Iterator[Path]:
        """Yield a new folder to write files aside, which is removed at the end. Raises `OutputError`."""
        with _translate_errors(self.url, OutputError):
            parent = f"{self.root}/{STAGING}" if self.is_local else None
            if parent:
                os.makedirs(parent, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="evse-sniff-", dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def commit(
        self, session: str, partition: Partition, files: Mapping[str, Path], replaces: Mapping[str, Partition]
    ) -> None:
        """Put the files of a session in place, those of `sessions` last: it is present as a whole or not at all.

        `replaces` are the sessions that it replaces, and where they are. Raises `OutputError`.
        """
        with _translate_errors(self.url, OutputError):
            for table in TABLES:
                if table is not SESSIONS and table.name in files:
                    self._put(files[table.name], self.path_of(table.name, session, partition))
            for name in replaces:
                self._mark_replaced(name)
            self._put(files[SESSIONS.name], self.path_of(SESSIONS.name, session, partition))
            for name, place in replaces.items():
                for of_table in TABLES_BY_NAME:
                    path = self.path_of(of_table, name, place)
                    if self.fs.exists(path):
                        self.fs.rm(path)

    def remove_abandoned(self) -> None:
        """Remove what programs that were ended wrote aside, a day later or more. Raises `OutputError`."""
        if not self.is_local:
            return
        with _translate_errors(self.url, OutputError):
            for folder in Path(self.root, STAGING).glob("evse-sniff-*"):
                # Another program may just be done with it.
                with suppress(FileNotFoundError):
                    times = [path.stat().st_mtime for path in (folder, *folder.iterdir())]
                    if max(times) < time() - ABANDONED_AFTER:
                        shutil.rmtree(folder)

    def _put(self, source: Path, path: str) -> None:
        """Give a complete local file its place."""
        if self.is_local:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(source, "rb") as file:
                os.fsync(file.fileno())
            os.replace(source, path)
        elif self._appears_whole:
            self.fs.put_file(str(source), path)
        else:
            aside = f"{self.root}/{STAGING}/{source.parent.name}-{source.name}"
            self.fs.makedirs(os.path.dirname(aside), exist_ok=True)
            self.fs.makedirs(os.path.dirname(path), exist_ok=True)
            self.fs.put_file(str(source), aside)
            self.fs.mv(aside, path)

    def _mark_replaced(self, session: str) -> None:
        if not self._appears_whole:
            self.fs.makedirs(f"{self.root}/{REPLACED}", exist_ok=True)
        self.fs.pipe_file(f"{self.root}/{REPLACED}/{session}", b"")


def parse_partition(folder: str) -> Partition:
    """Return the partition that a folder within a table is. Raises `LakeError` if it is not one."""
    parts = dict(part.partition("=")[::2] for part in folder.split("/"))
    if parts.keys() != {"bench", "date"}:
        raise LakeError(f"{folder}: not a folder of a lake: name the folder that `evse-sniff lake add` wrote to")
    return Partition(unquote(parts["bench"]), None if parts["date"] == NO_DATE else parts["date"])


@contextmanager
def _translate_errors(url: str, kind: type[LakeError] | type[OutputError]) -> Iterator[None]:
    """Raise every failure of the store as one line that names it. The libraries of stores have errors of their own."""
    try:
        yield
    except (LakeError, OutputError):
        raise
    except OSError as error:
        raise kind(f"{url}: {_describe(error)}") from error
    except Exception as error:
        raise kind(f"{url}: {' '.join(str(error).split()) or type(error).__name__}") from error


def _describe(error: OSError) -> str:
    """Return the reason of a failure. The errors of remote stores have a text and no system error."""
    if error.errno is not None and error.strerror:
        return describe_write_failure(error)
    return " ".join(str(error).split()) or type(error).__name__


def open_store(url: str) -> tuple[LakeStore, LakeListing]:
    """Return a lake to be asked, and what is in it. Raises `LakeError` if there is none."""
    store = LakeStore(url)
    listing = store.list_files()
    if not listing.sessions:
        raise LakeError(f"{url}: there is no session in it: `evse-sniff lake add CAPTURE --to {url}` adds some")
    return store, listing
