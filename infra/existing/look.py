"""Reads and checks everything that exists already, before the program creates anything."""

from dataclasses import replace

from facts.problem import Problem, refuse
from infra.program.context import Context
from infra.settings import Settings

from .assumed import assumed_cluster, assumed_network, assumed_vault
from .cluster_checks import existing_cluster_findings
from .cluster_reading import FIX as CLUSTER_FIX
from .cluster_reading import read_existing_cluster
from .found import Existing, FoundCluster, FoundNetwork, FoundVault
from .hubs import hub_findings
from .network_checks import existing_network_findings
from .network_reading import FIX, Ours, read_existing_network
from .own_addresses import own_addresses
from .reader import ProviderReader, Reader
from .vaults import FIX as VAULT_FIX
from .vaults import existing_vault_findings, read_existing_vault


def find_existing(settings: Settings, context: Context) -> Existing:
    """The existing resources that the settings name. Raises InvalidInput with all of their problems at once."""
    reader, problems = ProviderReader(context.regional), list[Problem]()
    existing = _look(settings, reader, problems, sandbox=context.sandbox)
    refuse(problems, "what exists already")
    return existing


def problems_of(settings: Settings, reader: Reader) -> list[Problem]:
    """The problems of the existing resources that the settings name."""
    problems: list[Problem] = []
    _look(settings, reader, problems, sandbox=False)
    return problems


def _look(settings: Settings, reader: Reader, problems: list[Problem], *, sandbox: bool) -> Existing:
    problems += hub_findings(settings, reader, sandbox=sandbox)
    cluster = _cluster(settings, reader, problems, sandbox=sandbox)
    return Existing(
        network=_network(settings, reader, problems, cluster, sandbox=sandbox),
        cluster=cluster,
        vault=_vault(settings, reader, problems, sandbox=sandbox),
    )


def _vault(
    settings: Settings, reader: Reader, problems: list[Problem], *, sandbox: bool
) -> FoundVault | None:
    wanted, before = settings.vault.existing, len(problems)
    if wanted is None:
        return None
    found = read_existing_vault(reader, wanted, problems)
    if found is None and len(problems) == before and not sandbox:
        problems.append(Problem("vault.existing.vaultId", wanted.vault_id, "cannot be read", VAULT_FIX))
    if found is not None:
        problems += existing_vault_findings(settings, found)
    return found or assumed_vault(wanted, settings.tenancy.region)


def _cluster(
    settings: Settings, reader: Reader, problems: list[Problem], *, sandbox: bool
) -> FoundCluster | None:
    wanted, before = settings.cluster.existing, len(problems)
    if wanted is None:
        return None
    found = read_existing_cluster(reader, wanted, problems)
    if found is None and len(problems) == before and not sandbox:
        problems.append(
            Problem("cluster.existing.clusterId", wanted.cluster_id, "cannot be read", CLUSTER_FIX)
        )
    if found is not None:
        problems += existing_cluster_findings(settings, found)
    return found or assumed_cluster(wanted)


def _network(
    settings: Settings,
    reader: Reader,
    problems: list[Problem],
    cluster: FoundCluster | None,
    *,
    sandbox: bool,
) -> FoundNetwork | None:
    wanted, before = settings.network.existing, len(problems)
    if wanted is None:
        return None
    ours = Ours(environment=settings.environment, compartment_id=settings.tenancy.compartment_id)
    found = read_existing_network(reader, wanted, problems, cluster, ours)
    if found is None and len(problems) == before and not sandbox:
        problems.append(Problem("network.existing.vcnId", wanted.vcn_id, "cannot be read", FIX))
    if found is not None:
        found = replace(found, held=own_addresses(reader, settings))
        problems += existing_network_findings(settings, found, cluster)
    return found or assumed_network(settings, wanted)
