"""The sandbox's service limits with what is used of them, for the report of a change."""

from collections import Counter
from collections.abc import Iterator, Sequence

from facts.limits import LIMITS
from facts.quotas import scope_of
from report.limits.account import AccountLimit, AccountLimits
from report.limits.needs import domains_of
from report.limits.rows import region_of
from report.resources import Resource
from sandbox.oci.cloud import Cloud
from sandbox.oci.rules.hosts import WITH_HOSTS, load_of
from sandbox.oci.rules.limits import COUNTED


def own_limits(cloud: Cloud, resources: Sequence[Resource]) -> AccountLimits:
    """The limits in the region and in the availability domains of a stack's resources.

    They are the ones that the sandbox counts. Without a provider of OCI among the resources there are none.
    """
    region = region_of(resources)
    found = _limits(cloud, region, domains_of(resources)) if region else ()
    return AccountLimits(origin="sandbox", at=None, limits=[*found])


def _limits(cloud: Cloud, region: str, domains: Sequence[str]) -> Iterator[AccountLimit]:
    used = _used(cloud, region)
    chosen = {key.partition("/")[0] for key in cloud.store.list("oci-limit")}
    for name in sorted({*LIMITS, *chosen}):
        by_domain = scope_of(name) == "ad"
        for domain in domains if by_domain else [None]:
            yield AccountLimit(
                name=name,
                scope="AD" if by_domain else "REGION",
                domain=domain,
                limit=cloud.limit(name, region, domain),
                used=used[name, domain or ""],
            )


def _used(cloud: Cloud, region: str) -> Counter[tuple[str, str]]:
    """By limit and availability domain."""
    found: Counter[tuple[str, str]] = Counter()
    for token in (*WITH_HOSTS, *COUNTED):
        for entry in cloud.all(token, region=region):
            if entry.assumed:
                continue
            if token in COUNTED:
                found[COUNTED[token], ""] += 1
            else:
                found += load_of(cloud, token, entry.inputs)
    return found
