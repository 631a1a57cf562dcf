"""Whether nodes of an image can join the cluster, as far as OCI's data shows it.

Sources: Oracle's page on supported images of Kubernetes Engine (Oracle Linux; a node's version may be older than the
control plane's, and an OKE image contains one version), the names in Oracle's list of OKE worker node images, and
oci-hpc-oke for Ubuntu images, which contain packages for several minor versions in a folder that OCI does not show.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.kubernetes import minor_of
from facts.ocids import is_placeholder
from facts.problem import Problem
from report.limits.account import AccountLimit

_OKE_IMAGE = re.compile(r"-OKE-(?P<version>\d+\.\d+(?:\.\d+)?)(?:-|$)", re.ASCII)
_ORACLE_LINUX, _UBUNTU = re.compile("oracle.*linux", re.IGNORECASE), re.compile("ubuntu", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """A question and its answer. `problem` is None if the answer is good."""

    question: str
    answer: str
    problem: Problem | None = None
    limit: AccountLimit | None = None
    """The limit that the question is about, in numbers."""


def check(question: str, answer: str, good: bool, problem: Problem) -> Check:
    """A check that has the problem only if the answer is not good."""
    return Check(question, answer, None if good else problem)


@dataclass(frozen=True, kw_only=True)
class NodeImageFacts:
    """OCI's data about an image."""

    name: str
    """Display name. The names of OKE images contain their Kubernetes version: `…-OKE-1.36.1-1505`."""

    system: str
    """`Oracle Linux`, `Canonical Ubuntu`, or the value from the import."""

    release: str = ""
    """Version of the system, e.g. `24.04`."""


class ImageAccount(Protocol):
    """What the checks need to know about images."""

    def image(self, image_id: str) -> NodeImageFacts | None:
        """The image, or None if the account cannot read it."""
        ...

    def agent_plugins(self, system: str, release: str) -> Sequence[str]:
        """Names of the cloud agent's plugins that OCI supports for a system."""
        ...


def join_checks(
    image_id: str | None,
    kubernetes_version: str,
    path: str,
    account: ImageAccount,
    *,
    packages_url: str | None = None,
) -> Iterator[Check]:
    """Whether nodes of the image can join a cluster, and contain the requested minor version."""
    found = None if image_id is None or is_placeholder(image_id) else account.image(image_id)
    if found is None:
        return
    known = _ORACLE_LINUX, _UBUNTU
    joins = any(pattern.search(f"{found.system} {found.name}") for pattern in known)
    allowed = f"must be Oracle Linux or Ubuntu, but is {found.system or 'an unknown system'}"
    problem = Problem(f"{path}.imageId", image_id, allowed, "Nodes with other systems cannot join")
    yield check(f"{path}: nodes of the image can join", found.system, joins, problem)
    yield _version_check(found, kubernetes_version, path, image_id, packages_url)


RDMA_PLUGINS = (
    ("High Performance Computing",),
    ("Compute HPC RDMA Authentication", "Compute HPC RDMA Auto-Configuration"),
)
"""The plugins that authenticate the RDMA interfaces and give them addresses: the newer one, or the two before it.
Sources: Oracle's table of plugins (manage-plugins.htm) and oci-hpc-oke. Without them, the interfaces have no
address."""


def rdma_checks(image_id: str | None, path: str, account: ImageAccount) -> Iterator[Check]:
    """Whether OCI supports the plugins of RDMA for the image's system. Node pools cannot switch them on: that the image
    does is unknown to OCI."""
    found = None if image_id is None or is_placeholder(image_id) else account.image(image_id)
    if found is None:
        return
    offered = account.agent_plugins(found.system, found.release)
    named = next((names for names in RDMA_PLUGINS if set(names) <= set(offered)), ())
    wanted = " or ".join(" and ".join(names) for names in RDMA_PLUGINS)
    allowed = f"must have a system with the agent's plugin {wanted}"
    problem = Problem(f"{path}.imageId", image_id, allowed, "Or set rdma to false")
    answer = (
        f"{' and '.join(named) or 'no'}; whether the image enables it is unknown to OCI" if named else "no"
    )
    yield check(f"{path}: the agent has the RDMA plugin", answer, bool(named), problem)


def _version_check(
    image: NodeImageFacts,
    wanted: str,
    path: str,
    image_id: str | None,
    packages_url: str | None,
) -> Check:
    minor = ".".join(str(part) for part in minor_of(wanted))
    question = f"{path}: the image contains Kubernetes {minor}"
    named = _OKE_IMAGE.search(image.name)
    if named:
        version = named["version"]
        allowed = f"must contain Kubernetes {minor}, but {image.name} contains {version}"
        fix = "Use the image of that version from Oracle's list of OKE worker node images"
        same = minor_of(version) == minor_of(wanted)
        return check(question, version, same, Problem(f"{path}.imageId", image_id, allowed, fix))
    if _UBUNTU.search(f"{image.system} {image.name}"):
        if packages_url:
            return Check(question, f"not checked: nodes install missing packages from {packages_url}")
        folder = f"/opt/oke-node-client-packages/ubuntu-*/kubernetes-{minor}"
        return Check(
            question,
            f"unknown to OCI: look for {folder} on a node with this image, or in the notes of the image's publisher",
        )
    return Check(question, "not checked: OKE's script installs the version when the node boots")
