"""No Kubernetes Service has a name that breaks vLLM."""

from collections.abc import Iterator

from policies.model import Config, Policy, Resource, known, mapping, objects

SERVICE = "core/Service"
PREFIX = "vllm"


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """A Service whose variables read as settings of vLLM."""
    for path, each in objects(resource, SERVICE):
        for field in ("name", "generateName"):
            name = mapping(each.get("metadata")).get(field)
            if isinstance(name, str) and known(name) and name.startswith(PREFIX):
                variable = f"{name.upper().replace('-', '_')}_PORT"
                yield (
                    f"{path}metadata.{field}: {name}; must not start with {PREFIX}. Kubernetes sets {variable} in "
                    "every pod of the namespace, which vLLM reads as its own"
                )


POLICY = Policy(
    name="no-vllm-service",
    description="No Kubernetes Service has a name that starts with vllm.",
    source="vLLM's page on environment variables; Kubernetes' page on Services: a variable <NAME>_PORT in each pod",
    judge=judge,
)
