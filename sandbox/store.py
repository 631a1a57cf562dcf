"""The sandbox's one database: documents, events and settings of the stand-ins, shared by their processes."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, key TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS expiries (
    kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS expiries_at ON expiries (at);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, source TEXT NOT NULL,
    verb TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
);
"""


KEPT_EVENTS = 50_000
"""The newest events that the log keeps."""

LAYOUT = 1
"""The layout version of the file.

Raise it with every change of a table that `Store.add_column` cannot make, so that an old file is refused.
"""


class OtherLayoutError(Exception):
    """The file is not a database, or another version of the sandbox wrote it."""


class NoPlaceError(Exception):
    """SANDBOX_HOME is a path where the sandbox cannot create its files."""


@dataclass(frozen=True)
class Event:
    """One event in the sandbox: its time (ISO 8601, UTC), its source (see `Store.record`), the action and the resource.

    For `wire`, the action is the HTTP method and the subject is the path.
    """

    id: int
    at: str
    source: str
    verb: str
    subject: str
    detail: Document


def now(later: timedelta = timedelta()) -> str:
    """The current time, or a later one, as the cloud writes it: ISO 8601, UTC, milliseconds."""
    return (datetime.now(UTC) + later).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Store:
    """Namespaced JSON documents and an event log in one SQLite file.

    Safe for threads (one connection behind a lock) and for several processes (write-ahead log; a write waits up to 30 s
    for another process). All changes inside a `transaction()` are stored, or none, even after kill -9. Returned
    documents are shared with the cache: copy one before you change it.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NoPlaceError(
                f"SANDBOX_HOME: {self.path.parent} cannot be created: {error.strerror}"
            ) from error
        self._lock = threading.RLock()
        self._depth = 0
        self._clearings = 0
        self._database = self._connect()
        self._check_layout()
        self.create_tables(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        try:
            database = sqlite3.connect(self.path, timeout=30, check_same_thread=False, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise NoPlaceError(f"SANDBOX_HOME: {self.path} cannot be opened: {error}") from error
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
        except sqlite3.OperationalError:
            database.close()
            raise
        except sqlite3.DatabaseError as error:
            database.close()
            raise OtherLayoutError(
                f"{self.path} is not a database: `sandbox cloud reset` clears it together with the stacks' state"
            ) from error
        return database

    def _check_layout(self) -> None:
        """Refuse a file with another version's layout."""
        found = int(self._database.execute("PRAGMA user_version").fetchone()[0])
        empty = not self._database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if found != LAYOUT and not empty:
            self._database.close()
            raise OtherLayoutError(
                f"{self.path} was written by another version of the sandbox (layout {found}, needed {LAYOUT}): "
                "`sandbox cloud reset` clears it together with the stacks' state"
            )
        self._database.execute(f"PRAGMA user_version = {LAYOUT}")

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create_tables(self, ddl: str) -> None:
        """Create a stand-in's own tables, views and triggers. `ddl` must be repeatable (IF NOT EXISTS).

        A view `owned_<stand-in>` with id and URN lists the resources that the engine created there. A trigger handles
        deletes from the view. See `owned` and `forget`.
        """
        with self.transaction():
            statement = ""
            for part in ddl.split(";"):
                statement += f"{part};"
                if sqlite3.complete_statement(statement):
                    self._database.execute(statement)
                    statement = ""

    def add_column(self, table: str, column: str) -> None:
        """Add a column with a default to a table of an older file. Existing rows keep their other values."""
        with self.transaction():
            known = self._database.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
            if (column.split(" ", 1)[0],) not in known:
                self._database.execute(f"ALTER TABLE {table} ADD COLUMN {column}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and isolated from other threads and processes. May be nested: the outermost one decides."""
        with self._lock:
            if self._depth == 0:
                self._database.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._database.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._database.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Block other threads of this process, without the file's write lock."""
        with self._lock:
            yield

    def version(self) -> tuple[int, int]:
        """A value that changes when another process has written or the store was cleared. Drop cached values then."""
        with self._lock:
            return int(self._database.execute("PRAGMA data_version").fetchone()[0]), self._clearings

    def query(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        with self._lock:
            return self._database.execute(sql, parameters).fetchall()

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> int:
        """Run one writing statement, in the open or its own transaction, and return the number of changed rows."""
        with self.transaction():
            return self._database.execute(sql, parameters).rowcount

    def put(self, kind: str, key: str, doc: Mapping[str, Any], *, lifetime: timedelta | None = None) -> None:
        """Write a document, replacing the one of the same kind and key. It is deleted some time after its lifetime."""
        text = json.dumps(doc, separators=(",", ":"))
        with self.transaction():
            self.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (kind, key, text))
            if lifetime is not None:
                self._delete_expired()
                self.execute("INSERT OR REPLACE INTO expiries VALUES (?, ?, ?)", (kind, key, now(lifetime)))

    def _delete_expired(self) -> None:
        expired = "SELECT kind, key FROM expiries WHERE at < ?"
        self.execute(f"DELETE FROM documents WHERE (kind, key) IN ({expired})", (now(),))  # noqa: S608 - our own words
        self.execute("DELETE FROM expiries WHERE at < ?", (now(),))

    def get(self, kind: str, key: str) -> Document | None:
        """The document, or None."""
        rows = self.query("SELECT doc FROM documents WHERE kind = ? AND key = ?", (kind, key))
        return json.loads(rows[0][0]) if rows else None

    def list(self, kind: str, prefix: str = "") -> dict[str, Document]:
        """All documents of a kind whose key begins with the prefix, sorted by key."""
        rows = self.query(
            "SELECT key, doc FROM documents WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
            (kind, prefix, prefix + "\U0010ffff"),
        )
        return {key: json.loads(doc) for key, doc in rows}

    def delete(self, kind: str, key: str) -> bool:
        """Remove a document; False if it did not exist."""
        return self.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key)) > 0

    def record(self, source: str, verb: str, subject: str, **detail: object) -> None:
        """Add an event to the log. `source` is oci, kubernetes or wire, `subject` is an id, a name or a path.

        The log keeps the newest `KEPT_EVENTS`.
        """
        text = json.dumps(detail, separators=(",", ":"), default=str)
        with self.transaction():
            added = self._database.execute(
                "INSERT INTO events (at, source, verb, subject, detail) VALUES (?, ?, ?, ?, ?)",
                (now(), source, verb, subject, text),
            )
            self.execute("DELETE FROM events WHERE id <= ?", ((added.lastrowid or 0) - KEPT_EVENTS,))

    def events(self, source: str | None = None, limit: int = 1000) -> tuple[Event, ...]:
        """The newest events, oldest first, at most `limit` (default 1,000)."""
        rows = self.query(
            "SELECT id, at, source, verb, subject, detail FROM events"
            " WHERE ?1 IS NULL OR source = ?1 ORDER BY id DESC LIMIT ?2",
            (source, limit),
        )
        return tuple(
            Event(number, at, source, verb, subject, json.loads(detail))
            for number, at, source, verb, subject, detail in reversed(rows)
        )

    def copied(self) -> "Store":
        """A copy of the store in memory. Files beside the database belong to the copy too."""
        other = Store(":memory:")
        other.path = self.path
        with self._lock:
            self._database.backup(other._database)
        return other

    def owned(self) -> tuple[tuple[str, str], ...]:
        """URN and id of all existing resources that the engine created, in all stand-ins."""
        rows = (self.query(f"SELECT urn, id FROM {view}") for view in self._views())  # noqa: S608
        return tuple((urn, key) for found in rows for urn, key in found)

    def forget(self, urn: str, id: str) -> None:  # noqa: A002
        """Delete the resource that was created for a URN with an id, and its companions."""
        with self.transaction():
            self._clearings += 1
            for view in self._views():
                self._database.execute(f"DELETE FROM {view} WHERE urn = ? AND id = ?", (urn, id))  # noqa: S608

    def _views(self) -> tuple[str, ...]:
        rows = self.query(
            "SELECT name FROM sqlite_master WHERE type = 'view' AND name LIKE 'owned~_%' ESCAPE '~'"
        )
        return tuple(name for (name,) in rows)

    def clear(self) -> None:
        """Empty all tables, including the stand-ins' own."""
        with self.transaction():
            self._clearings += 1
            tables = self.query("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in tables:
                self._database.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names come from the schema

    def check(self) -> str:
        """The result of SQLite's integrity check: "ok", or a description of the damage."""
        return str(self.query("PRAGMA integrity_check")[0][0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def open_store(path: Path | str) -> Store:
    """Open the sandbox's database. Creates the file and its folder if they do not exist."""
    return Store(path)
