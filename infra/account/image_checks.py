"""Whether an image can join the cluster, as far as OCI tells of it.

Sources: Oracle's page on supported images of Kubernetes Engine (Oracle Linux; a node's version may be older than the
control plane's, and an OKE image holds one version), the names in Oracle's list of OKE worker node images, and
oci-hpc-oke for Ubuntu images, which hold packages of several minors in a folder that OCI shows to nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from facts.kubernetes import minor_of
from facts.ocids import is_placeholder
from facts.problem import Problem

_OKE_IMAGE = re.compile(r"-OKE-(?P<version>\d+\.\d+(?:\.\d+)?)(?:-|$)")
_ORACLE_LINUX, _UBUNTU = re.compile("oracle.*linux", re.IGNORECASE), re.compile("ubuntu", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """One question and its answer; `problem` is None if the answer is good."""

    question: str
    answer: str
    problem: Problem | None = None


def check(question: str, answer: str, good: bool, problem: Problem) -> Check:
    """A question whose problem counts unless the answer is good."""
    return Check(question, answer, None if good else problem)


@dataclass(frozen=True, kw_only=True)
class NodeImageFacts:
    """What OCI says of an image."""

    name: str
    """Its display name. OKE's own end in the version that they hold: `…-OKE-1.36.1-1505`."""

    system: str
    """`Oracle Linux`, `Canonical Ubuntu`, or what the person who imported it said."""


class ImageAccount(Protocol):
    """What is asked of an account about images."""

    def image(self, image_id: str) -> NodeImageFacts | None:
        """The image, or None if there is none that the account can read."""
        ...


def join_checks(
    image_id: str | None,
    kubernetes_version: str,
    path: str,
    account: ImageAccount,
    *,
    packages_url: str | None = None,
) -> Iterator[Check]:
    """Whether nodes of the image join a cluster, and hold the wanted minor version."""
    found = None if image_id is None or is_placeholder(image_id) else account.image(image_id)
    if found is None:
        return
    known = _ORACLE_LINUX, _UBUNTU
    joins = any(pattern.search(f"{found.system} {found.name}") for pattern in known)
    allowed = f"must be of Oracle Linux or Ubuntu, and is of {found.system or 'no known system'}"
    problem = Problem(f"{path}.imageId", image_id, allowed, "Nodes of other systems never join")
    yield check(f"{path}: nodes of the image can join", found.system, joins, problem)
    yield _version_check(found, kubernetes_version, path, image_id, packages_url)


def _version_check(
    image: NodeImageFacts,
    wanted: str,
    path: str,
    image_id: str | None,
    packages_url: str | None,
) -> Check:
    minor = ".".join(str(part) for part in minor_of(wanted))
    question = f"{path}: the image holds Kubernetes {minor}"
    named = _OKE_IMAGE.search(image.name)
    if named:
        version = named["version"]
        allowed = f"must hold Kubernetes {minor}, and {image.name} holds {version}"
        fix = "Take the image of that version from Oracle's list of OKE worker node images"
        same = minor_of(version) == minor_of(wanted)
        return check(question, version, same, Problem(f"{path}.imageId", image_id, allowed, fix))
    if _UBUNTU.search(f"{image.system} {image.name}"):
        if packages_url:
            return Check(question, f"not asked: nodes install from {packages_url} what the image lacks")
        folder = f"/opt/oke-node-client-packages/ubuntu-*/kubernetes-{minor}"
        return Check(question, f"OCI does not say: look for {folder} on a node of it, or its makers' notes")
    return Check(question, "nothing of it: OKE's script installs the version as the node boots")
