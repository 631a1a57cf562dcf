"""The objects of every cluster's API server, in the sandbox's store."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sandbox.kubernetes.api.kinds import Kind, kind_of
from sandbox.kubernetes.api.values import Json
from sandbox.store import Store, now

_SCHEMA = """
CREATE TABLE IF NOT EXISTS kubernetes_objects (
    cluster TEXT NOT NULL, grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
    version INTEGER NOT NULL, urn TEXT NOT NULL, acknowledged INTEGER NOT NULL, body TEXT NOT NULL,
    previous TEXT NOT NULL, placed INTEGER NOT NULL,
    PRIMARY KEY (cluster, grp, kind, namespace, name)
) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS owned_kubernetes AS
    SELECT urn, CASE namespace WHEN '' THEN name ELSE namespace || '/' || name END AS id
    FROM kubernetes_objects WHERE urn <> '';
CREATE TRIGGER IF NOT EXISTS kubernetes_forgotten INSTEAD OF DELETE ON owned_kubernetes BEGIN
    DELETE FROM kubernetes_objects WHERE urn = OLD.urn
        AND OLD.id = CASE namespace WHEN '' THEN name ELSE namespace || '/' || name END;
END
"""
_COLUMNS = "cluster, grp, kind, namespace, name, version, urn, acknowledged, body, previous, placed"

Key = tuple[str, str, str, str]
"""Group, kind, namespace (empty if none) and name: unique in a cluster."""


@dataclass(frozen=True)
class Live:
    """One object on an API server. Shared between threads: copy `body` before changing it."""

    cluster: str
    key: Key
    version: int
    urn: str
    acknowledged: bool
    """False until the engine shows that it has recorded the object. The engine may be killed in between."""
    body: Json
    previous: Json | None = None
    """The pod template that a rollout has not yet replaced."""
    placed: int = 0
    """The version in which the object last requested pods; 0 means the version that is written next."""

    @property
    def kind(self) -> Kind:
        return kind_of(self.body["apiVersion"], self.body["kind"])

    @property
    def namespace(self) -> str:
        return self.key[2]

    @property
    def name(self) -> str:
        return self.key[3]

    @property
    def id(self) -> str:
        """The object's id for the engine: "namespace/name", or just the name if it has no namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def uid(self) -> str:
        return self.body["metadata"]["uid"]


class Objects:
    """Reads use a copy in memory, which is dropped when another process has written.

    A check and the write that depends on it belong in one `transaction()`.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        store.create_tables(_SCHEMA)
        self._seen: tuple[int, int] | None = None
        self._clusters: dict[str, dict[Key, Live]] = {}
        self._by_kind: dict[tuple[str, str, str], dict[Key, Live]] = {}
        self._by_urn: dict[tuple[str, str], set[Key]] = {}
        self._version = 0
        self._removals = 0
        self.changed = threading.Condition()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and isolated from all other threads and processes."""
        with self.store.transaction():
            try:
                yield
            except BaseException:
                self._seen = None
                raise
        with self.changed:
            self.changed.notify_all()

    def _refresh(self) -> None:
        seen = self.store.version()
        if seen == self._seen:
            return
        self._clusters, self._by_kind, self._by_urn = {}, {}, {}
        self._version, self._removals = 0, self._removals + 1
        for row in self.store.query(f"SELECT {_COLUMNS} FROM kubernetes_objects"):  # noqa: S608
            live = _of_row(row)
            self._index(live)
            self._version = max(self._version, live.version)
        self._seen = seen

    def _index(self, live: Live) -> None:
        self._clusters.setdefault(live.cluster, {})[live.key] = live
        self._by_kind.setdefault((live.cluster, *live.key[:2]), {})[live.key] = live
        if live.urn:
            self._by_urn.setdefault((live.cluster, live.urn), set()).add(live.key)

    def _unindex(self, live: Live) -> None:
        self._clusters.get(live.cluster, {}).pop(live.key, None)
        self._by_kind.get((live.cluster, *live.key[:2]), {}).pop(live.key, None)
        self._by_urn.get((live.cluster, live.urn), set()).discard(live.key)

    def find(self, cluster: str, key: Key) -> Live | None:
        """The object with that identity, or None."""
        with self.store.reading():
            self._refresh()
            return self._clusters.get(cluster, {}).get(key)

    def all(self, cluster: str, keep: Callable[[Live], bool] | None = None) -> list[Live]:
        """The objects of a cluster, oldest change first."""
        with self.store.reading():
            self._refresh()
            found = list(self._clusters.get(cluster, {}).values())
        return sorted((live for live in found if keep is None or keep(live)), key=lambda live: live.version)

    def of_kind(self, cluster: str, *kinds: tuple[str, str]) -> list[Live]:
        """The objects of the given kinds (group and kind), in no particular order."""
        with self.store.reading():
            self._refresh()
            return [live for kind in kinds for live in self._by_kind.get((cluster, *kind), {}).values()]

    def of_urn(self, cluster: str, urn: str) -> list[Live]:
        """The objects that the engine created for one resource."""
        with self.store.reading():
            self._refresh()
            return [self._clusters[cluster][key] for key in self._by_urn.get((cluster, urn), ())]

    def clusters(self) -> list[str]:
        """The ids of the clusters that contain objects."""
        with self.store.reading():
            self._refresh()
            return sorted(self._clusters)

    def stamp(self) -> tuple[int, int]:
        """A value that changes whenever any object may have changed."""
        with self.store.reading():
            self._refresh()
            return self._version, self._removals

    def removals(self) -> int:
        """A value that changes whenever any object may have been deleted."""
        return self.stamp()[1]

    def save(self, live: Live) -> Live:
        """Write an object with the next resource version, and return it with that version in its metadata."""
        with self.transaction():
            self._refresh()
            self._version += 1
            metadata = {**live.body["metadata"], "resourceVersion": str(self._version)}
            body = {**live.body, "metadata": metadata}
            written = replace(live, version=self._version, body=body, placed=live.placed or self._version)
            marks = ", ".join("?" * 11)
            self.store.execute(
                f"INSERT OR REPLACE INTO kubernetes_objects ({_COLUMNS}) VALUES ({marks})",  # noqa: S608
                _row(written),
            )
            self._index(written)
            return written

    def remove(self, live: Live) -> None:
        """Delete an object."""
        with self.transaction():
            self._refresh()
            self._removals += 1
            self.store.execute(
                "DELETE FROM kubernetes_objects WHERE cluster = ? AND grp = ? AND kind = ? AND namespace = ?"
                " AND name = ?",
                (live.cluster, *live.key),
            )
            self._unindex(live)

    def acknowledge(self, live: Live) -> None:
        """Note that the engine has recorded the object: a later create with the same name is refused."""
        if not live.acknowledged:
            with self.transaction():
                current = self.find(live.cluster, live.key)
                if current is not None:
                    self.save(replace(current, acknowledged=True))

    def forget_cluster(self, cluster: str) -> None:
        """Remove all objects of a deleted cluster."""
        with self.transaction():
            self.store.execute("DELETE FROM kubernetes_objects WHERE cluster = ?", (cluster,))
            self._seen = None


def _row(live: Live) -> tuple[object, ...]:
    body = json.dumps(live.body, separators=(",", ":"))
    previous = json.dumps(live.previous, separators=(",", ":")) if live.previous else ""
    return (
        live.cluster,
        *live.key,
        live.version,
        live.urn,
        int(live.acknowledged),
        body,
        previous,
        live.placed,
    )


def _of_row(row: tuple[Any, ...]) -> Live:
    cluster, group, kind, namespace, name, version, urn, acknowledged, body, previous, placed = row
    return Live(
        cluster=cluster,
        key=(group, kind, namespace, name),
        version=version,
        urn=urn,
        acknowledged=bool(acknowledged),
        body=json.loads(body),
        previous=json.loads(previous) if previous else None,
        placed=placed,
    )


def stamped(body: Json) -> Json:
    """An object as the server first writes it: with uid, generation and creation time."""
    metadata = {
        **body["metadata"],
        "uid": str(uuid.uuid4()),
        "generation": 1,
        "creationTimestamp": now()[:19] + "Z",
    }
    return {**body, "metadata": metadata}


def shown(live: Live) -> Json:
    """An object that is safe to print: the data of Secrets is masked."""
    body = dict(live.body)
    if live.key[:2] == ("", "Secret") and isinstance(body.get("data"), dict):
        body["data"] = dict.fromkeys(body["data"], "[secret]")
    return body
