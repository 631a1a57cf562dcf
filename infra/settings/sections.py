"""The sections by name, and the complete settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.cluster.pool_rules import AUTOSCALER, program_sizes
from facts.problem import Problem
from facts.pydantic_words import first_sentence

from .base import Section
from .cluster import Cluster
from .database import Database
from .governance import Governance
from .gpu import Gpu
from .identity import Identity
from .network import Network
from .observability import Observability
from .serving import Serving
from .storage import Storage
from .tenancy import Tenancy
from .traffic import Traffic
from .vault import Vault

SECTIONS: Mapping[str, type[Section]] = {
    "tenancy": Tenancy,
    "identity": Identity,
    "vault": Vault,
    "network": Network,
    "cluster": Cluster,
    "gpu": Gpu,
    "storage": Storage,
    "database": Database,
    "serving": Serving,
    "traffic": Traffic,
    "observability": Observability,
    "governance": Governance,
}
"""The config sections, in the order of the documentation."""


def is_required(model: type[Section]) -> bool:
    """Whether a stack must set the section, because one of its keys has no default."""
    return any(field.is_required() for field in model.model_fields.values())


def purpose(model: type[Section]) -> str:
    """The first sentence of a section's docstring."""
    return first_sentence(model.__doc__ or "")


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The sections that could be parsed. None for a section with wrong types, and for a missing one."""

    tenancy: Tenancy | None
    identity: Identity | None
    vault: Vault | None
    network: Network | None
    cluster: Cluster | None
    gpu: Gpu | None
    storage: Storage | None
    database: Database | None
    serving: Serving | None
    traffic: Traffic | None
    observability: Observability | None
    governance: Governance | None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one environment, with every section checked."""

    environment: str
    tenancy: Tenancy
    identity: Identity
    vault: Vault
    network: Network
    cluster: Cluster
    gpu: Gpu
    storage: Storage
    database: Database
    serving: Serving
    traffic: Traffic
    observability: Observability
    governance: Governance
    placeholders: tuple[Problem, ...]


def settings_of(environment: str, parsed: Parsed, placeholders: tuple[Problem, ...]) -> Settings | None:
    """The settings, or None if a section could not be parsed."""
    if (
        parsed.tenancy is None
        or parsed.identity is None
        or parsed.vault is None
        or parsed.network is None
        or parsed.cluster is None
        or parsed.gpu is None
        or parsed.storage is None
        or parsed.database is None
        or parsed.serving is None
        or parsed.traffic is None
        or parsed.observability is None
        or parsed.governance is None
    ):
        return None
    return Settings(
        environment=environment,
        tenancy=parsed.tenancy,
        identity=parsed.identity,
        vault=parsed.vault,
        network=parsed.network,
        cluster=parsed.cluster,
        gpu=parsed.gpu,
        storage=parsed.storage,
        database=parsed.database,
        serving=parsed.serving,
        traffic=parsed.traffic,
        observability=parsed.observability,
        governance=parsed.governance,
        placeholders=placeholders,
    )


def sized_outside(settings: Settings) -> bool:
    """Whether something else, such as the cluster autoscaler, owns the size of any pool."""
    return not all(program_sizes(pool.size_owner) for pool in (*settings.cluster.pools, *settings.gpu.pools))


def autoscaled(cluster: Cluster, gpu: Gpu) -> bool:
    """Whether OKE's cluster autoscaler owns the size of any pool."""
    return any(pool.size_owner == AUTOSCALER for pool in (*cluster.pools, *gpu.pools))
