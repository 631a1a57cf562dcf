"""The grants to encrypt with a key: one for each service and principal, only for that key, before its first use.

Sources: Oracle's pages on the keys of each service (Object Storage, Block Volume, File Storage, Streaming, Kubernetes
Engine, Autonomous Database), and its policy reference for the vault.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from facts.policies import All, Anyone, DynamicGroup, Group, Place, Service, Statement, Subject, Test

Statements = Mapping[str, Statement]


@dataclass(frozen=True, kw_only=True)
class KeyUse:
    """A key, and the location of its users."""

    key_id: str
    compartment_id: str
    region: str
    clusters: DynamicGroup | None = None
    """The clusters that encrypt their secrets with the key."""

    databases: DynamicGroup | None = None
    """The Autonomous Databases that encrypt with the key."""

    file_systems: DynamicGroup | None = None
    """The file systems that encrypt with the key."""

    administrators: Group | None = None
    """The group that may assign the key to a resource."""


def _buckets(use: KeyUse) -> Statements:
    return _keys(use, Service(f"objectstorage-{use.region}"), "buckets")


def _volumes(use: KeyUse) -> Statements:
    """Node pools delegate the key to their boot volumes, clusters to the volumes that pods claim."""
    pools = (
        Test("request.principal.type", "nodepool"),
        Test("request.principal.compartment.id", use.compartment_id),
    )
    return {
        **_earlier_volumes(use),
        "node pools pass the volumes' key on": _statement(use, Anyone(), "key-delegates", pools),
        **_claims(use),
    }


def _earlier_volumes(use: KeyUse) -> Statements:
    """Volumes keep the key with which they were created until they get another key."""
    return _keys(use, Service("blockstorage"), "volumes")


def _claims(use: KeyUse) -> Statements:
    """Exactly the statement on Oracle's page on OKE's policies. No other working form is known."""
    clusters = (Test("request.principal.type", "cluster"),)
    return {"clusters pass the claims' key on": _statement(use, Anyone(), "key-delegates", clusters)}


def _file_systems(use: KeyUse) -> Statements:
    assert use.file_systems  # noqa: S101  the layer makes the group with the key
    return _keys(use, use.file_systems, "file systems")


def _claimed_file_systems(use: KeyUse) -> Statements:
    return {**_file_systems(use), **_claims(use)}


def _lustre(use: KeyUse) -> Statements:
    return _keys(use, Service("lustrefs"), "Lustre")


def _streams(use: KeyUse) -> Statements:
    return _keys(use, Service("streaming"), "streams")


def _cluster_secrets(use: KeyUse) -> Statements:
    assert use.clusters  # noqa: S101  the layer makes the group with the key
    return _keys(use, use.clusters, "Kubernetes secrets")


def _autonomous_databases(use: KeyUse) -> Statements:
    assert use.databases  # noqa: S101  the layer makes the group with the key
    vaults = Statement(
        subject=use.databases, verb="use", resource="vaults", place=Place.of(use.compartment_id)
    )
    return {**_keys(use, use.databases, "databases"), "databases use the vault": vaults}


USERS: Mapping[str, Callable[[KeyUse], Statements]] = {
    "buckets": _buckets,
    "volumes": _volumes,
    "earlier-volumes": _earlier_volumes,
    "file-systems": _file_systems,
    "claimed-file-systems": _claimed_file_systems,
    "lustre": _lustre,
    "streams": _streams,
    "cluster-secrets": _cluster_secrets,
    "autonomous-databases": _autonomous_databases,
}
"""The users of a customer's key, by their name in the layers."""


def key_grants(users: Sequence[str], use: KeyUse) -> Statements:
    """The statements for all `users` of a key, and for Administrators, who assign it."""
    grants = {name: grant for user in users for name, grant in USERS[user](use).items()}
    if use.administrators:
        grants["administrators lend the key"] = _statement(use, use.administrators, "key-delegate")
    return grants


def _keys(use: KeyUse, subject: Subject, noun: str) -> Statements:
    return {f"the key encrypts {noun}": _statement(use, subject, "keys")}


def _statement(use: KeyUse, subject: Subject, resource: str, conditions: tuple[Test, ...] = ()) -> Statement:
    where = All((*conditions, Test("target.key.id", use.key_id)))
    return Statement(
        subject=subject, verb="use", resource=resource, place=Place.of(use.compartment_id), where=where
    )
