"""The component package gives every component to every language."""

import json

from infra.package.classes import components
from infra.package.provider import package


def test_the_package_contains_every_component_once() -> None:
    names = [component.__name__ for component in components()]
    assert len(names) == len(set(names))
    assert {"VirtualNetwork", "OkeCluster", "GpuPool", "Bucket", "Alarm", "Budget", "ModelServer"} <= set(
        names
    )


def test_its_schema_has_each_component_under_its_token_with_documented_inputs() -> None:
    schema = json.loads(package().schema or "{}")
    assert set(schema["resources"]) == {f"genai:index:{component.__name__}" for component in components()}
    pool = schema["resources"]["genai:index:GpuPool"]
    assert pool["isComponent"]
    assert "nodes" in pool["requiredInputs"]
    assert pool["inputProperties"]["nodes"]["type"] == "integer"
    assert all(one.get("description") for one in pool["inputProperties"].values())
    assert "poolId" in pool["properties"]
