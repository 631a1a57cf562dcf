"""Fields of pods: containers, probes, ports, volumes, spreading, security."""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import containers, quantity

from .downward import in_variable
from .names import (
    config_key,
    given,
    label,
    label_map,
    not_negative,
    port,
    port_name,
    qualified,
    subdomain,
    unique,
)
from .selectors import pod_label_keys
from .walk import Check
from .wording import duplicate, invalid, required

_DURATIONS = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_HANDLERS = ("exec", "grpc", "httpGet", "sleep", "tcpSocket")
_MOST_ID = 2**31 - 1


def _spec(value: Json, path: str) -> Iterator[str]:
    if not value.get("containers"):
        yield required(f"{path}.containers")
    names: set[str] = set()
    volumes = {str(volume.get("name")) for volume in value.get("volumes") or ()}
    for where, container in containers(value):
        name = str(container.get("name", ""))
        if name in names:
            yield duplicate(f"{path}.{where}.name", name)
        names.add(name)
        for index, mount in enumerate(container.get("volumeMounts") or ()):
            if str(mount.get("name")) not in volumes:
                yield f'{path}.{where}.volumeMounts[{index}].name: Not found: "{mount.get("name")}"'
        yield from _sleep(container, value, f"{path}.{where}")
    yield from unique(value.get("volumes"), "name", f"{path}.volumes")
    yield from label_map(value.get("nodeSelector"), f"{path}.nodeSelector")
    for name in ("serviceAccountName", "priorityClassName"):
        yield from subdomain(value.get(name), f"{path}.{name}")
    if value.get("subdomain"):
        yield from label(value["subdomain"], f"{path}.subdomain")
    yield from _spread(value.get("topologySpreadConstraints") or [], f"{path}.topologySpreadConstraints")


def _sleep(container: Json, spec: Json, path: str) -> Iterator[str]:
    seconds = at(container, "lifecycle", "preStop", "sleep", "seconds")
    grace = spec.get("terminationGracePeriodSeconds", 30)
    if isinstance(seconds, int) and isinstance(grace, int) and not 0 <= seconds <= grace:
        why = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
        yield invalid(f"{path}.lifecycle.preStop.sleep", seconds, why)


def _spread(constraints: list[Json], path: str) -> Iterator[str]:
    seen: set[tuple[Any, Any]] = set()
    for index, each in enumerate(constraints):
        pair = each.get("topologyKey"), each.get("whenUnsatisfiable")
        if pair in seen:
            yield duplicate(
                f"{path}[{index}].{{topologyKey, whenUnsatisfiable}}", f"{{{pair[0]}, {pair[1]}}}"
            )
        seen.add(pair)


def _constraint(value: Json, path: str) -> Iterator[str]:
    skew = value.get("maxSkew")
    if isinstance(skew, int) and skew <= 0:
        yield invalid(f"{path}.maxSkew", skew, "must be greater than zero")
    if not value.get("topologyKey"):
        yield required(f"{path}.topologyKey", "can not be empty")
    yield from pod_label_keys(value, ("matchLabelKeys",), path)


def _container(value: Json, path: str) -> Iterator[str]:
    yield from label(value.get("name", ""), f"{path}.name")
    yield from given(value, ("image",), path)
    for index, each in enumerate(value.get("env") or ()):
        yield from given(each, ("name",), f"{path}.env[{index}]")
    mounts = value.get("volumeMounts") or []
    for index, each in enumerate(mounts):
        yield from given(each, ("mountPath",), f"{path}.volumeMounts[{index}]")
    yield from unique(mounts, "mountPath", f"{path}.volumeMounts")
    yield from unique(value.get("ports"), "name", f"{path}.ports")
    for name in ("livenessProbe", "startupProbe"):
        if (at(value, name, "successThreshold") or 1) != 1:
            yield invalid(f"{path}.{name}.successThreshold", value[name]["successThreshold"], "must be 1")


def _source(value: Json, path: str) -> Iterator[str]:
    if not any(value.get(name) for name in _SOURCES):
        *most, last = (f"`{name}`" for name in _SOURCES)
        yield invalid(path, "", f"must specify one of: {', '.join(most)} or {last}")
    yield from in_variable(value, path)
    for name in ("configMapKeyRef", "secretKeyRef"):
        if isinstance(value.get(name), dict):
            yield from _key_of(value[name], f"{path}.{name}")


def _key_of(value: Json, path: str) -> Iterator[str]:
    if not value.get("name"):
        yield from subdomain(" ", f"{path}.name")
    yield from subdomain(value.get("name"), f"{path}.name")
    if not value.get("key"):
        yield required(f"{path}.key")
    else:
        yield from config_key(str(value["key"]), f"{path}.key")


def _affinity(value: Json, path: str) -> Iterator[str]:
    if not value.get("topologyKey"):
        yield required(f"{path}.topologyKey", "can not be empty")
    yield from qualified(value.get("topologyKey") or "", f"{path}.topologyKey")
    yield from pod_label_keys(value, ("matchLabelKeys", "mismatchLabelKeys"), path)


def _weighted(value: Json, path: str) -> Iterator[str]:
    weight = value.get("weight")
    if isinstance(weight, int) and not 1 <= weight <= 100:
        yield invalid(f"{path}.weight", weight, "must be in the range 1-100")


def _port(value: Json, path: str) -> Iterator[str]:
    yield from port(value.get("containerPort"), f"{path}.containerPort", named=False)
    yield from port_name(value.get("name"), f"{path}.name")


def _probe(value: Json, path: str) -> Iterator[str]:
    yield from _one_handler(value, path)
    yield from not_negative(value, _DURATIONS, path)


def _one_handler(value: Json, path: str) -> Iterator[str]:
    found = [name for name in _HANDLERS if value.get(name) is not None]
    if not found:
        yield required(path, "must specify a handler type")
    elif len(found) > 1:
        yield f"{path}.{found[1]}: Forbidden: may not specify more than 1 handler type"


def _http(value: Json, path: str) -> Iterator[str]:
    yield from port(value.get("port"), f"{path}.port")


def _resources(value: Json, path: str) -> Iterator[str]:
    amounts: dict[str, dict[str, float]] = {"limits": {}, "requests": {}}
    for side, known in amounts.items():
        for name, each in (value.get(side) or {}).items():
            try:
                known[name] = quantity(each)
            except ValueError:
                continue
            if known[name] < 0:
                yield invalid(f"{path}.{side}[{name}]", each, "must be greater than or equal to 0")
            if "/" in name and not known[name].is_integer():
                yield invalid(f"{path}.{side}[{name}]", each, "must be an integer")
    limits, requests = amounts["limits"], amounts["requests"]
    for name, amount in requests.items():
        if name in limits and amount > limits[name]:
            why = f"must be less than or equal to {name} limit of {value['limits'][name]}"
            yield invalid(f"{path}.requests", value["requests"][name], why)
        if "/" in name and limits.get(name) != amount:
            yield f"{path}.requests: Invalid value: must be equal to {name} limit (extended resources)"


def _user(value: Json, path: str) -> Iterator[str]:
    for name in ("runAsUser", "runAsGroup"):
        number = value.get(name)
        if isinstance(number, int) and not 0 <= number <= _MOST_ID:
            yield invalid(f"{path}.{name}", number, f"must be between 0 and {_MOST_ID}, inclusive")


def _security(value: Json, path: str) -> Iterator[str]:
    yield from _user(value, path)
    if value.get("privileged") and value.get("allowPrivilegeEscalation") is False:
        yield invalid(path, value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")


def _seccomp(value: Json, path: str) -> Iterator[str]:
    if "type" not in value:
        yield required(f"{path}.type", "type is required when seccompProfile is set")


def _volume(value: Json, path: str) -> Iterator[str]:
    yield from label(value.get("name", ""), f"{path}.name")
    for kind, name in (
        ("configMap", "name"),
        ("secret", "secretName"),
        ("persistentVolumeClaim", "claimName"),
    ):
        if isinstance(value.get(kind), dict):
            yield from given(value[kind], (name,), f"{path}.{kind}")


def _template(value: Json, path: str) -> Iterator[str]:
    if not value.get("spec"):
        yield required(f"{path}.spec.containers")


def _exec(value: Json, path: str) -> Iterator[str]:
    yield from given(value, ("command",), path)


CHECKS: dict[str, Check] = {
    "v1.EnvVarSource": _source,
    "v1.PodAffinityTerm": _affinity,
    "v1.WeightedPodAffinityTerm": _weighted,
    "v1.Container": _container,
    "v1.ContainerPort": _port,
    "v1.ExecAction": _exec,
    "v1.HTTPGetAction": _http,
    "v1.LifecycleHandler": _one_handler,
    "v1.PodSecurityContext": _user,
    "v1.PodSpec": _spec,
    "v1.PodTemplateSpec": _template,
    "v1.Probe": _probe,
    "v1.ResourceRequirements": _resources,
    "v1.SeccompProfile": _seccomp,
    "v1.SecurityContext": _security,
    "v1.TCPSocketAction": _http,
    "v1.TopologySpreadConstraint": _constraint,
    "v1.Volume": _volume,
}
