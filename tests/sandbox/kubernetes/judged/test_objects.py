"""All objects of the stacks and examples: the real API server accepts and completes them as the sandbox does."""

from collections.abc import Iterator
from functools import partial

import pytest

from facts.gateways import AI_API
from tests.infra.snapshots import EXAMPLES, STACKS
from tests.sandbox.kubernetes.judged.lasting import lasting
from tests.sandbox.kubernetes.judged.objects import FIRST, Body, comparable, differences, objects
from tests.sandbox.kubernetes.judged.sandbox import Sandbox
from tests.support.api_server import ApiServer

pytestmark = [pytest.mark.prove, pytest.mark.api_server]


def compared(judge: ApiServer, sandbox: Sandbox, body: Body) -> Iterator[str]:
    """The differences between the two responses."""
    dry = body["kind"] not in FIRST
    real, ours = judge.apply(body, dry=dry), sandbox.apply(body, dry=dry)
    name = f"{body['kind']} {body['metadata'].get('namespace', '')}/{body['metadata'].get('name')}"
    if not (real.accepted and ours.accepted):
        yield f"{name}: the real server says {real.message!r}, the sandbox {ours.message!r}"
        return
    for difference in differences(comparable(real.body), comparable(ours.body)):
        yield f"{name}: {difference}"


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_the_real_server_accepts_and_completes_objects_as_the_sandbox_does(
    judge: ApiServer, sandbox: Sandbox, stack: str
) -> None:
    # AI Gateway's definitions are not available (tools/api_server/definitions.py).
    bodies = [body for body in objects(stack) if not str(body["apiVersion"]).startswith(AI_API)]
    try:
        found = [each for body in bodies for each in lasting(partial(compared, judge, sandbox, body))]
    finally:
        for body in bodies:
            if body["kind"] in FIRST and body["kind"] != "Namespace":
                judge.delete(body)
    assert found == []
