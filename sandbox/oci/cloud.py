"""The cloud as the rules see it: resources, the references between them, limits and capacity."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from facts.limits import LIMITS
from facts.ocids import Ocid, parse_ocid
from facts.regions import find_region
from sandbox.oci.errors import invalid_parameter, not_found
from sandbox.oci.ids import is_ours, ocid_type
from sandbox.oci.model import PROVIDED, Entry
from sandbox.oci.resource_types import described
from sandbox.store import Event, Store, now

_SCHEMA = """
CREATE TABLE IF NOT EXISTS oci_resources (
    id TEXT PRIMARY KEY, token TEXT NOT NULL, urn TEXT NOT NULL, region TEXT NOT NULL,
    compartment_id TEXT NOT NULL, state TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL,
    assumed INTEGER NOT NULL, created_at TEXT NOT NULL, deleted_at TEXT NOT NULL, owner TEXT NOT NULL,
    acknowledged INTEGER NOT NULL, revision INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS oci_owners ON oci_resources (owner) WHERE owner <> '';
CREATE TRIGGER IF NOT EXISTS oci_goes_with_its_owner AFTER DELETE ON oci_resources BEGIN
    DELETE FROM oci_resources WHERE owner <> '' AND owner = OLD.id;
END;
CREATE VIEW IF NOT EXISTS owned_oci AS
    SELECT urn, CASE WHEN id LIKE 'n/%' THEN substr(id, 1, length(id) - length(region) - 1) ELSE id END AS id
    FROM oci_resources WHERE urn <> '' AND deleted_at = '';
CREATE TRIGGER IF NOT EXISTS oci_forgotten INSTEAD OF DELETE ON owned_oci BEGIN
    DELETE FROM oci_resources WHERE urn = OLD.urn AND id IN (OLD.id, OLD.id || '@' || region);
END
"""
_COLUMNS = ", ".join(each.name for each in fields(Entry))


class Cloud:
    """All resources of the model. They are in the store, with a copy in memory.

    The copy is read again after another process has written. Every method is safe for threads. A check and the write
    that depends on it belong in one `transaction()`.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        store.create_tables(_SCHEMA)
        store.add_column("oci_resources", "revision INTEGER NOT NULL DEFAULT 0")
        self._version: tuple[int, int] | None = None
        self._entries: dict[str, Entry] = {}
        self._by_token: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._by_urn: dict[str, set[str]] = defaultdict(set)
        self._by_owner: dict[str, set[str]] = defaultdict(set)
        self._referrers: dict[str, set[str]] = defaultdict(set)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes in the block are kept, or none. No other process or thread writes during it."""
        with self.store.transaction():
            try:
                yield
            except BaseException:
                self._version = None
                raise

    # ---- reading

    def find(self, id: str) -> Entry | None:  # noqa: A002
        """The resource, also one whose deletion is pending. None if there is no such resource."""
        with self.store.reading():
            self._refresh()
            return self._entries.get(id)

    def all(self, token: str, *, region: str | None = None, compartment_id: str | None = None) -> list[Entry]:
        """Live resources of a type, in all regions and compartments unless one is given."""
        with self.store.reading():
            self._refresh()
            return [
                entry
                for entry in self._by_token[token].values()
                if entry.live
                and region in (None, entry.region)
                and compartment_id in (None, entry.compartment_id)
            ]

    def entries(self) -> list[Entry]:
        """All resources that were created or assumed, also those whose deletion is pending; oldest first."""
        with self.store.reading():
            self._refresh()
            found = (entry for entry in self._entries.values() if entry.owner != PROVIDED)
            return sorted(found, key=lambda entry: (entry.created_at, entry.id))

    def referrers(self, id: str) -> list[Entry]:  # noqa: A002
        """Live resources whose inputs contain the id, at any depth."""
        with self.store.reading():
            self._refresh()
            found = (self._entries[source] for source in sorted(self._referrers.get(id, ())))
            return [entry for entry in found if entry.live]

    def of_urn(self, urn: str) -> list[Entry]:
        """Live resources that the engine created for a URN. There are two while one replaces the other."""
        with self.store.reading():
            self._refresh()
            return [entry for key in self._by_urn.get(urn, ()) if (entry := self._entries[key]).live]

    def require(self, id: str, *tokens: str, path: str, region: str | None = None) -> Entry:  # noqa: A002
        """The live resource that `path` refers to.

        An OCID that was not created here is adopted and listed as assumed. Refuses an invalid id (400), one of another
        type (400) or region (400), and one that was deleted or never created here (404).
        """
        entry = self.find(id)
        if entry is None:
            entry = self._adopt(id, tokens, path, region)
        if tokens and entry.token not in tokens and ocid_type(entry.token) not in map(ocid_type, tokens):
            raise invalid_parameter(f"{path}: {id} is a {_noun(entry.token)}, not a {_nouns(tokens)}.")
        if not entry.live:
            raise not_found(f"{path}: {id} is being deleted.")
        if region and entry.region and entry.region != region:
            raise invalid_parameter(f"{path}: {id} is in region {entry.region}, the call in {region}.")
        return entry

    def events(self) -> tuple[Event, ...]:
        """The calls and the refusals, oldest first."""
        return self.store.events("oci")

    # ---- writing

    def save(self, entry: Entry) -> Entry:
        """Insert a resource, or replace the one with its id. Returns it with its revision."""
        with self.transaction():
            self._refresh()
            entry = replace(entry, revision=_revision(self._entries.get(entry.id), entry))
            row = entry.row()
            marks = ", ".join("?" * len(row))
            self.store.execute(
                f"INSERT OR REPLACE INTO oci_resources ({_COLUMNS}) VALUES ({marks})",  # noqa: S608
                row,
            )
            self._unindex(entry.id)
            self._index(entry)
        return entry

    def remove(self, id: str) -> None:  # noqa: A002
        """Delete a resource, with what it has outside the model. One that was assumed is never adopted again."""
        with self.transaction():
            entry = self.find(id)
            if entry is None:
                return
            described(entry.token).erases(self, entry)
            if entry.assumed:
                self.store.put("oci-gone", id, {"deletedAt": now()})
            self.store.execute("DELETE FROM oci_resources WHERE id = ?", (id,))
            self._unindex(id)
            for companion in self._by_owner.pop(id, ()):
                self._unindex(companion)

    def acknowledge(self, entry: Entry) -> None:
        """Record that the engine has the resource in its state. A later create then creates another one."""
        if not entry.acknowledged:
            self.save(replace(entry, acknowledged=True))

    # ---- the tenancy

    def home_region(self) -> str | None:
        """The region that accepts identity writes. None until it is set or the first such write decides."""
        found = self.store.get("oci-home", "tenancy")
        return str(found["region"]) if found else None

    def set_home_region(self, region: str) -> None:
        """Set the tenancy's home region."""
        self.store.put("oci-home", "tenancy", {"region": region})

    # ---- limits and capacity

    def limit(self, name: str, region: str, availability_domain: str | None = None) -> int | None:
        """The service limit: the one set for the domain, otherwise for the region, otherwise for all regions.

        None if no limit was set and `facts` has no default. Then there is no limit.
        """
        for place in (f"{region}/{availability_domain or ''}", f"{region}/", "/"):
            found = self.store.get("oci-limit", f"{name}/{place}")
            if found is not None:
                return int(found["value"])
        known = LIMITS.get(name)
        return known.assumed_default if known else None

    def set_limit(self, name: str, value: int, *, region: str = "", availability_domain: str = "") -> None:
        """Set a limit for a domain or a region. Without either it applies everywhere."""
        place = f"{name}/{region}/{availability_domain}"
        self.store.put("oci-limit", place, {"name": name, "value": value})

    def capacity(self, shape: str, availability_domain: str) -> int | None:
        """The total number of hosts of a shape in the domain. None if it is not limited."""
        for place in (availability_domain, ""):
            found = self.store.get("oci-capacity", f"{shape}/{place}")
            if found is not None:
                return int(found["hosts"])
        return None

    def set_capacity(self, shape: str, hosts: int, *, availability_domain: str = "") -> None:
        """Limit the hosts of a shape in one domain, or in each domain."""
        self.store.put("oci-capacity", f"{shape}/{availability_domain}", {"shape": shape, "hosts": hosts})

    # ---- the copy in memory

    def _refresh(self) -> None:
        version = self.store.version()
        if version == self._version:
            return
        self._entries.clear()
        self._by_token.clear()
        self._by_urn.clear()
        self._by_owner.clear()
        self._referrers.clear()
        for row in self.store.query(f"SELECT {_COLUMNS} FROM oci_resources"):  # noqa: S608
            self._index(Entry.of_row(row))
        self._version = version

    def _index(self, entry: Entry) -> None:
        self._entries[entry.id] = entry
        self._by_token[entry.token][entry.id] = entry
        self._by_urn[entry.urn].add(entry.id)
        if entry.owner:
            self._by_owner[entry.owner].add(entry.id)
        for target in set(ids_in(entry.inputs)):
            self._referrers[target].add(entry.id)

    def _unindex(self, id: str) -> None:  # noqa: A002
        entry = self._entries.pop(id, None)
        if entry is None:
            return
        self._by_token[entry.token].pop(id, None)
        self._by_urn[entry.urn].discard(id)
        for target in set(ids_in(entry.inputs)):
            self._referrers[target].discard(id)

    def assumable(self, id: str, *tokens: str, path: str) -> Ocid:  # noqa: A002
        """The OCID of a resource that is not here, but may exist. Refuses as `require` does, and adopts nothing."""
        ocid = parse_ocid(id)
        if ocid is None:
            raise invalid_parameter(f"{path}: {id!r} is not an OCID.")
        if tokens and ocid.resource_type not in map(ocid_type, tokens):
            raise invalid_parameter(f"{path}: {id} is a {ocid.resource_type}, not a {_nouns(tokens)}.")
        if is_ours(ocid.unique) or self.store.get("oci-gone", id) is not None:
            raise not_found(f"{path}: {id}.")
        return ocid

    def _adopt(self, id: str, tokens: tuple[str, ...], path: str, region: str | None) -> Entry:  # noqa: A002
        ocid = self.assumable(id, *tokens, path=path)
        token = next(
            (t for t in tokens if ocid_type(t) == ocid.resource_type), f"oci:index/{ocid.resource_type}:"
        )
        entry = Entry(
            id=id, token=token, urn="", region=_region(ocid), compartment_id="", state="ACTIVE", assumed=True,
            created_at=now(),
        )  # fmt: skip
        if region and entry.region and entry.region != region:
            raise invalid_parameter(f"{path}: {id} is in region {entry.region}, the call in {region}.")
        self.save(entry)
        self.store.record("oci", "assume", id, path=path)
        return entry


def ids_in(value: Any) -> Iterator[str]:
    """Every string in a value, at any depth, that looks like an OCID."""
    if isinstance(value, str):
        if value.startswith("ocid1."):
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from ids_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids_in(each)


def _region(ocid: Ocid) -> str:
    known = find_region(ocid.region)
    return known.name if known else ocid.region


def _revision(old: Entry | None, new: Entry) -> int:
    """A number that no earlier resource of the same id had, if the new values differ from the old ones."""
    if old is not None and replace(old, acknowledged=new.acknowledged) == new:
        return old.revision
    return max(time.time_ns(), old.revision + 1 if old else 0)


def _noun(token: str) -> str:
    return token.rsplit(":", 1)[1] or token.rsplit("/", maxsplit=1)[-1].rstrip(":")


def _nouns(tokens: tuple[str, ...]) -> str:
    return " or ".join(_noun(token) for token in tokens)
