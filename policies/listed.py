"""All policies of the pack."""

from policies.model import Policy
from policies.rules import (
    databases,
    grace,
    grants,
    images,
    nodes,
    own_keys,
    ports,
    protection,
    services,
    tags,
    volume_keys,
)

PACK = "oci-llm-guardrails"
POLICIES: tuple[Policy, ...] = (
    databases.POLICY,
    nodes.POLICY,
    nodes.SUBNETS,
    nodes.API,
    ports.POLICY,
    ports.ENTRANCES,
    own_keys.POLICY,
    own_keys.BUCKETS,
    own_keys.ADVISED,
    protection.POLICY,
    images.POLICY,
    tags.POLICY,
    grants.POLICY,
    services.POLICY,
    grace.POLICY,
    volume_keys.POLICY,
)
