"""Rules for an existing cluster that need no account: OCIDs, and keys of a created cluster."""

from collections.abc import Iterator

from facts.kubernetes import ADDONS
from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.cluster import Cluster
from infra.settings.network import Network
from infra.settings.tenancy import Tenancy, region_of
from infra.settings.values.ocid import ocid_problems

PATH = "cluster.existing"
_NOT_WITH = f"must not be set with {PATH}: only a cluster that the program creates has it"


def existing_cluster_problems(
    tenancy: Tenancy | None, network: Network | None, cluster: Cluster
) -> Iterator[Problem]:
    """An invalid OCID, keys that only a created cluster has, and add-ons that are named twice."""
    existing = cluster.existing
    if existing is None:
        return
    path, region = f"{PATH}.clusterId", region_of(tenancy)
    yield from ocid_problems(existing.cluster_id, "cluster", path=path, region=region)
    if network is not None and network.existing is None:
        fix = "Name its VCN and the subnets of your nodes and pods"
        yield Problem("network.existing", MISSING, f"must be set with {PATH}", fix)
    yield from _created_only(cluster)
    known = [each.name for each in ADDONS]
    for index, name in enumerate(existing.addons):
        at = f"{PATH}.addons[{index}]"
        if name not in known:
            yield Problem.not_one_of(at, name, known, "must be the name of an OKE add-on")
        if name in cluster.addons:
            yield Problem(at, name, "must not be in cluster.addons too: the program leaves it as it is")
        if name in existing.addons[:index]:
            yield Problem(at, name, "must not be repeated")


def _created_only(cluster: Cluster) -> Iterator[Problem]:
    values = {
        "servicesCidr": (cluster.services_cidr, "services_cidr" in cluster.model_fields_set),
        "secretsKeyId": (cluster.secrets_key_id, cluster.secrets_key_id is not None),
        "imageSigningKeyIds": ([*cluster.image_signing_key_ids], bool(cluster.image_signing_key_ids)),
        "endpoint.allowedCidrs": ([*cluster.endpoint.allowed_cidrs], bool(cluster.endpoint.allowed_cidrs)),
    }
    for key, (value, given) in values.items():
        if given:
            yield Problem(f"cluster.{key}", value, _NOT_WITH, "The existing cluster has its own")
