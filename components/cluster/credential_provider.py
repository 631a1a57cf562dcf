"""The program with which a node logs in to OCI's registry (`*.ocir.io`) as itself, without a pull secret.

The kubelet calls it for each image of that registry. It uses the node's own principal, which may `read repos`. Source:
oracle-devrel/oke-credential-provider-for-ocir, version v0.1.1: its cloud-init script and its configuration. That script
downloads the newest release without a checksum. Here a node downloads one release and compares its SHA-256.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.web_addresses import split_address

FOLDER = "/usr/local/lib/kubelet-credential-providers"
CONFIG = "/etc/kubernetes/credential-provider-config.yaml"
PROGRAM = "credential-provider-oke"

KUBELET_ARGUMENTS: Mapping[str, str] = {
    "image-credential-provider-bin-dir": FOLDER,
    "image-credential-provider-config": CONFIG,
}

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class CredentialProviderArgs:
    """A release of the program."""

    url: str
    """Https address of one release for linux-amd64, e.g. in a bucket of yours. `latest` is refused: it can change."""

    sha256: str
    """SHA-256 of the file: 64 hexadecimal digits. A node with another file does not join."""


class ProviderChoices(Protocol):
    """The plain values of the program that settings and component share."""

    @property
    def url(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def provider_problems(chosen: ProviderChoices | None, *, path: str) -> Iterator[Problem]:
    """An address that can change or that a shell would read, and a text that is not a SHA-256. None is valid."""
    if chosen is None:
        return
    if not (re.fullmatch(r"https://[^\s'\"\\`$]+", chosen.url) and split_address(chosen.url)):
        yield Problem(f"{path}.url", chosen.url, "must be an https address without spaces")
    elif "/latest/" in chosen.url:
        fix = "Name a release: …/releases/download/v0.1.1/…"
        yield Problem(f"{path}.url", chosen.url, "must not be the address of the latest release", fix)
    placeholder = is_placeholder(chosen.sha256) and chosen.sha256.replace("-", "").isalnum()
    if not placeholder and not _DIGEST.fullmatch(chosen.sha256):
        allowed = "must be 64 hexadecimal digits"
        yield Problem(f"{path}.sha256", chosen.sha256, allowed, "`sha256sum FILE` prints it")


def provider_arguments(chosen: object | None) -> Mapping[str, str]:
    """The kubelet's arguments for the program, by name."""
    return KUBELET_ARGUMENTS if chosen else {}
