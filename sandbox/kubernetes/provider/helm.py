"""Helm releases (kubernetes:helm.sh/v3:Release): chart, pinned version, repository and values.

Charts are not fetched or rendered. A release is stored as a record, and installs the custom kinds whose schemas name
its chart.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from facts.problem import Problem, did_you_mean
from facts.replaced_objects import OF_RELEASES
from sandbox.kubernetes.api.diff import Difference, differences
from sandbox.kubernetes.api.kinds import urn_name, urn_type
from sandbox.kubernetes.api.objects import Key
from sandbox.kubernetes.api.values import UNKNOWN, Json, at
from sandbox.kubernetes.api.words import words
from sandbox.kubernetes.provider.naming import unique_suffix

TOKEN = "kubernetes:helm.sh/v3:Release"  # noqa: S105 - a resource type

_TYPES: dict[str, type] = (
    dict.fromkeys(
        words(
            "allowNullValues atomic cleanupOnFail createNamespace dependencyUpdate devel disableCRDHooks "
            "disableOpenapiValidation disableWebhooks forceUpdate lint recreatePods renderSubchartNotes "
            "replace resetValues reuseValues skipAwait skipCrds takeOwnership verify waitForJobs"
        ),
        bool,
    )
    | dict.fromkeys(words("chart compat description keyring name namespace postrender version"), str)
    | dict.fromkeys(["maxHistory", "timeout"], int)
    | dict.fromkeys(["manifest", "repositoryOpts", "resourceNames", "values"], dict)
    | {"valueYamlFiles": list}
)
_REPOSITORY = frozenset(words("caFile certFile keyFile password repo username"))
_VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", re.ASCII)
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME_LIMIT = 53
_TYPE_NAMES = {bool: "a boolean", str: "a string", int: "an integer", dict: "an object", list: "an array"}


def is_release(urn: str) -> bool:
    """Whether a URN belongs to a Helm release."""
    return urn_type(urn) == TOKEN


def with_defaults(inputs: Json, old: Json | None, urn: str, seed: bytes, namespace: str) -> Json:
    """The inputs with name, namespace and timeout filled in, as the provider does."""
    filled = dict(inputs)
    if not filled.get("name"):
        former = (old or {}).get("name")
        filled["name"] = former or f"{urn_name(urn)}-{unique_suffix(seed)}"
    if not filled.get("namespace"):
        filled["namespace"] = namespace or "default"
    if filled.get("skipAwait") in (None, False) and "timeout" not in filled:
        filled["timeout"] = 300
    return filled


def release_problems(inputs: Json) -> list[Problem]:
    """All problems of a release. Unknown values pass."""
    known = {key: value for key, value in inputs.items() if value is not UNKNOWN}
    return [
        *_fields(known),
        *_chart(known, inputs),
        *_repository(known, inputs),
        *_named(known),
        *_values(known.get("values"), "values"),
    ]


def _fields(known: Json) -> Iterator[Problem]:
    for key, value in known.items():
        wanted = _TYPES.get(key)
        if wanted is None:
            yield Problem(key, None, "unknown field", did_you_mean(key, _TYPES))
        elif value is not None and (
            not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))
        ):
            yield Problem(key, None, f"must be {_TYPE_NAMES[wanted]}")


def _chart(known: Json, inputs: Json) -> Iterator[Problem]:
    chart, version = known.get("chart"), known.get("version")
    if "chart" not in inputs or chart == "":
        yield Problem("chart", None, "missing; give the name of a chart, or oci://<registry>/<path>")
    if "version" not in inputs or version == "":
        fix = "Without a version a release installs the newest chart, which the sandbox cannot look up"
        yield Problem("version", None, "missing; pin the chart's exact version", fix)
    elif isinstance(version, str) and not _VERSION.fullmatch(version):
        yield Problem("version", version, f"{version!r} is a range; pin one exact version such as 1.2.3")


def _repository(known: Json, inputs: Json) -> Iterator[Problem]:
    options = known.get("repositoryOpts")
    if inputs.get("repositoryOpts") is UNKNOWN or not isinstance(options, dict | None):
        return
    options = options or {}
    for key in sorted(set(options) - _REPOSITORY):
        yield Problem(f"repositoryOpts.{key}", None, "unknown field", did_you_mean(key, _REPOSITORY))
    repository, chart = options.get("repo"), str(known.get("chart", ""))
    direct = chart.startswith(("oci://", "./", "../", "/")) or urlsplit(chart).scheme in ("http", "https")
    if repository is UNKNOWN or inputs.get("chart") is UNKNOWN:
        return
    if direct and repository:
        yield Problem("repositoryOpts.repo", None, "must not be set beside a chart given by its address")
    elif not direct and not repository:
        yield Problem(
            "repositoryOpts.repo", None, "missing; give the address of the chart's repository (https://...)"
        )
    elif repository and urlsplit(str(repository)).scheme not in ("http", "https"):
        yield Problem("repositoryOpts.repo", None, "must be an address that begins with https://")


def _named(known: Json) -> Iterator[Problem]:
    name = known.get("name")
    if isinstance(name, str) and name and (not _NAME.fullmatch(name) or len(name) > _NAME_LIMIT):
        yield Problem(
            "name", name, f"release name is invalid: {name}: lower case, at most {_NAME_LIMIT} characters"
        )


def _values(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                yield Problem(f"{path}.{key}", None, "keys must be strings")
            yield from _values(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, f"{path}[{index}]")


def key_of(inputs: Json) -> Key:
    """The identity of a release among the objects of a cluster."""
    return "helm.sh", "Release", str(inputs["namespace"]), str(inputs["name"])


def chart_name(inputs: Json) -> str:
    """The chart's own name, without the address it is fetched from."""
    return str(inputs.get("chart", "")).rstrip("/").rpartition("/")[2]


def record(inputs: Json, revision: int) -> Json:
    """A release as it is stored. Secret values are not stored, because nothing here reads them."""
    return {
        "apiVersion": "helm.sh/v3",
        "kind": "Release",
        "metadata": {"name": inputs["name"], "namespace": inputs["namespace"]},
        "spec": {
            "chart": inputs.get("chart"),
            "chartName": chart_name(inputs),
            "version": inputs.get("version"),
            "repo": at(inputs, "repositoryOpts", "repo"),
            "revision": revision,
        },
    }


def outputs(inputs: Json, revision: int) -> Json:
    """The provider's outputs of a deployed release."""
    return {
        **inputs,
        "resourceNames": {},
        "status": {
            "appVersion": "",
            "chart": chart_name(inputs),
            "name": inputs["name"],
            "namespace": inputs["namespace"],
            "revision": revision,
            "status": "deployed",
            "version": str(inputs.get("version", "")),
        },
    }


def release_differences(old: Json, new: Json) -> list[Difference]:
    """The differences between two sets of inputs. A new name or namespace replaces the release."""
    return differences(old, new, OF_RELEASES)
