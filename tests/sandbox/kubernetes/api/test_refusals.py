"""Refusals of the sandbox's API server beyond single fields. The tests in `judged` ask a real server the same."""

import pytest

from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.objects import Objects
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import CLUSTER_ID, Body, namespace
from tests.sandbox.kubernetes.refusals import ENFORCE, SPACE, Refusal, placed, refusals


def ask(server: Server, body: Body) -> None:
    """Create or change an object without storing it."""
    key = server.key(body)
    if server.get(key):
        server.update(key, body, body, dry=True)
    else:
        server.create(body, "urn:it", dry=True)


@pytest.mark.parametrize("case", refusals(), ids=lambda case: case.name)
def test_an_invalid_object_is_refused_with_the_reason(cloud: Cloud, case: Refusal) -> None:
    server = Server(Servers(Objects(cloud.store), cloud), CLUSTER_ID, "v1.36.1")
    server.create(namespace(SPACE, **{ENFORCE: case.level}), "urn:space")
    for body in case.existing:
        server.create(placed(body), "urn:before")
    wanted = placed(case.body)
    with pytest.raises(ApiError) as refused:
        ask(server, wanted)
    assert case.said in str(refused.value)
