"""A deleted safeguard is a danger, unless what it protects is deleted too."""

import pytest

from facts.holders import SAFEGUARDS
from report.changes import changes_of
from report.danger import dangers_of
from sandbox.oci.services.cache.clusters import ATTACHMENT, CLUSTER, USER
from sandbox.oci.services.web_firewall import FIREWALL
from tests.report import states

BUCKET = "oci:ObjectStorage/bucket:Bucket"
COPY = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"


def unprotected(*gone: states.State) -> list[str]:
    steps = [states.step("delete", each) for each in gone]
    return [each.sentence for each in dangers_of(changes_of({"steps": steps})) if each.kind == "unprotected"]


CACHE = states.state(CLUSTER, "cache")
USERS = [states.state(USER, name, {"name": name}) for name in ("app", "default")]
ATTACHED = states.state(
    ATTACHMENT, "attached", {"redisClusterId": CACHE["id"], "ociCacheUsers": [each["id"] for each in USERS]}
)


@pytest.mark.parametrize(
    ("guard", "guarded"),
    [
        (ATTACHED, CACHE),
        (states.state(COPY, "copies", {"bucket": "models"}), states.state(BUCKET, "b", {"name": "models"})),
        (
            states.state(FIREWALL, "waf", {"loadBalancerId": "ocid1.x.oc1.iad.edge"}),
            states.state(BALANCER, "edge"),
        ),
    ],
    ids=["cache user", "copies", "firewall"],
)
def test_a_safeguard_that_goes_alone_is_a_danger(guard: states.State, guarded: states.State) -> None:
    (sentence,) = unprotected(guard)
    assert sentence.startswith(str(guard["urn"]).split("::")[-1])
    assert sentence.endswith(SAFEGUARDS[str(guard["type"])])
    assert unprotected(guard, guarded) == [], "nothing is left without protection"


def test_a_user_of_a_cache_is_named_once() -> None:
    (alone,) = unprotected(USERS[1])
    assert "anybody in the network can use the cache without a password" in alone
    (with_attachment,) = unprotected(ATTACHED, *USERS)
    assert with_attachment.startswith("attached")
    assert unprotected(CACHE, ATTACHED, *USERS) == []
