"""The pods of a workload of Kubernetes: their template, their labels and ports, and the pools on which they may run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from report.pod_policies import Pod
from report.resources import Resource, as_mapping, as_sequence

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""The label with its name that the API server gives every namespace."""

_IN_SPEC = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"})


def template_of(body: Mapping[str, object]) -> Mapping[str, object] | None:
    """Metadata and spec of the pods of a workload; None for kinds without pods."""
    kind, spec = body.get("kind"), as_mapping(body.get("spec"))
    if kind == "Pod":
        return {"metadata": body.get("metadata") or {}, "spec": body.get("spec") or {}}
    if kind == "CronJob":
        spec = as_mapping(as_mapping(spec.get("jobTemplate")).get("spec"))
    elif kind == "LeaderWorkerSet":
        spec = {"template": as_mapping(spec.get("leaderWorkerTemplate")).get("workerTemplate")}
    elif kind not in _IN_SPEC:
        return None
    found = spec.get("template")
    return as_mapping(found) or None


def pod_of(
    template: Mapping[str, object], namespace: str, namespace_labels: Mapping[str, object] | None = None
) -> Pod:
    """A pod of a template, as network policies see it."""
    return Pod(
        namespace=namespace,
        labels=as_mapping(as_mapping(template.get("metadata")).get("labels")),
        namespace_labels=namespace_labels or {NAMESPACE_LABEL: namespace},
        ports=dict(_named_ports(as_mapping(template.get("spec")))),
    )


def pools_for(template: Mapping[str, object], pools: Sequence[Resource]) -> list[Resource]:
    """The node pools on which a pod may run, as far as the pools' own labels say it."""
    labels = {each.urn: _labels(each) for each in pools}
    decided = {key for each in labels.values() for key in each}
    selector = as_mapping(as_mapping(template.get("spec")).get("nodeSelector"))
    wanted = {key: value for key, value in selector.items() if key in decided}
    return [
        each for each in pools if all(labels[each.urn].get(key) == value for key, value in wanted.items())
    ]


def _labels(pool: Resource) -> Mapping[str, object]:
    labels = map(as_mapping, as_sequence(pool.inputs.get("initialNodeLabels")))
    return {str(each.get("key")): each.get("value") for each in labels}


def _named_ports(spec: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    containers: Iterable[object] = as_sequence(spec.get("containers"))
    for container in map(as_mapping, containers):
        for each in map(as_mapping, as_sequence(container.get("ports"))):
            port = each.get("containerPort")
            if isinstance(port, int | float) and each.get("name"):
                yield str(each["name"]), int(port)
