"""Placeholders: values that only the account's owner knows, and where to find them.

The commands are from the reference of the OCI CLI, except `playground pin-image`, which is part of this project.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from facts.ocids import is_placeholder
from facts.problem import Problem

from .secrets import encrypting, leaves

_BY_PATH: Mapping[str, str] = {
    "serving.imageDigest": "CLI: `playground pin-image STACK`, which prints how to find the digest",
    "cluster.credentialProvider.url": 'The address of the program: docs/platform.md, "Private images"',
    "cluster.credentialProvider.sha256": "`sha256sum` of the program, after you looked at it: docs/platform.md",
    "cluster.schedule.image": "Build and push the function's image: docs/out-of-hours.md",
    "governance.costs.daily.image": "Build and push the function's image: docs/cost.md",
    "traffic.watching.relay.image": "Build and push the relay's image: docs/watching.md",
    "traffic.router.image": "Build and push the router's image: docs/serving.md",
}
_BY_KEY: Mapping[str, str] = {
    "tenancyId": "Console: your profile, Tenancy. In ~/.oci/config: the line `tenancy`",
    "compartmentId": "Console: Identity, Compartments. CLI: oci iam compartment list --compartment-id-in-subtree true",
    "endpoint": "Console: Identity, Domains, the domain's page, Domain URL. CLI: oci iam domain list -c TENANCY",
    "imageId": "Console: Compute, Custom images. CLI: oci compute image list -c COMPARTMENT --all",
    "capacityReservationId": "Console: Compute, Capacity reservations. CLI: oci compute capacity-reservation list "
    "-c COMPARTMENT",
    "revision": "The commit of the model on its hub: the model's page, Files and versions, the full hash",
    "url": "Console: Object Storage, the bucket, the object's menu, View object details",
    "name": "Choose a name: this one contains the mark of a placeholder",
}
_BY_OCID: Mapping[str, str] = {
    "certificate": "Console: Certificates. CLI: oci certs-mgmt certificate list -c COMPARTMENT",
    "group": "Console: Identity, Domains, Groups. CLI: oci iam group list -c TENANCY",
    "cluster": "Console: Kubernetes clusters. CLI: oci ce cluster list -c COMPARTMENT",
    "drg": "Console: Networking, Dynamic routing gateways. CLI: oci network drg list -c COMPARTMENT",
    "internetgateway": "Console: Networking, the VCN, Gateways. CLI: oci network internet-gateway list -c COMPARTMENT",
    "natgateway": "Console: Networking, the VCN, Gateways. CLI: oci network nat-gateway list -c COMPARTMENT",
    "servicegateway": "Console: Networking, the VCN, Gateways. CLI: oci network service-gateway list -c COMPARTMENT",
    "networksecuritygroup": "Console: Networking, Network security groups. CLI: oci network nsg list -c COMPARTMENT",
    "subnet": "Console: Networking, the VCN, Subnets. CLI: oci network subnet list -c COMPARTMENT",
    "vcn": "Console: Networking, Virtual cloud networks. CLI: oci network vcn list -c COMPARTMENT",
    "key": "Console: Vault, Master encryption keys. CLI: oci kms management key list -c COMPARTMENT "
    "--endpoint VAULT-ENDPOINT",
    "vault": "Console: Vault. CLI: oci kms management vault list -c COMPARTMENT",
    "vaultsecret": "Console: Vault, Secrets. CLI: oci vault secret list -c COMPARTMENT",
}
_NODE_IMAGE = (
    "The OKE image of the cluster's version. CLI: oci ce node-pool-options get --node-pool-option-id all "
    "--query data.sources"
)
_DIGEST = "CLI: crane digest IMAGE:TAG, or skopeo and docker as `playground pin-image` prints them"


def placeholder_problems(config: Mapping[str, object]) -> Iterator[Problem]:
    """Each placeholder, with where to find its value."""
    for section, content in config.items():
        for path, text in (*_keys(section, content), *_values(section, content)):
            if is_placeholder(text):
                allowed = "is a placeholder, which a real `pulumi up` refuses"
                yield Problem(path, text, allowed, where_found(path, text))


def _values(section: str, content: object) -> Iterator[tuple[str, str]]:
    for path, _, value in leaves(section, content):
        if isinstance(value, str):
            yield path, value


def _keys(path: str, content: object) -> Iterator[tuple[str, str]]:
    """The keys of all mappings. A user chooses some of them, such as a tag's or a variable's name."""
    if isinstance(content, Mapping):
        for key, inner in cast(Mapping[str, object], content).items():
            yield path, key
            yield from _keys(f"{path}.{key}", inner)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for index, inner in enumerate(cast(Sequence[object], content)):
            yield from _keys(f"{path}[{index}]", inner)


def where_found(path: str, value: str) -> str:
    """The console page or the command that shows the value of a setting."""
    key = re.sub(r"\[\d+\]$", "", path, flags=re.ASCII).rsplit(".", 1)[-1]
    if path in _BY_PATH:
        return _BY_PATH[path]
    if key == "password":
        return f"Choose one, and encrypt it: {encrypting(path)}"
    if key.endswith("Digest"):
        return _DIGEST
    if path.startswith("cluster.pools[") and key == "imageId":
        return _NODE_IMAGE
    kind = value.split(".")[1] if value.startswith("ocid1.") else ""
    return _BY_KEY.get(key) or _BY_OCID.get(kind) or "Only you know it: set your own value"


def filled_places(problem: Problem, *, stack: str, tenancy: str, compartment: str) -> Problem:
    """The problem of a placeholder, whose commands have the stack's name and the known OCIDs."""
    known = {"STACK": stack, "TENANCY": tenancy, "COMPARTMENT": compartment}
    fix = problem.fix
    for word, value in known.items():
        if not is_placeholder(value):
            fix = re.sub(rf"\b{word}\b", value, fix)
    return replace(problem, fix=fix)
