"""Builds kube-apiserver and etcd from their pinned Go modules, and stores them next to the engine."""

from dataclasses import dataclass
from pathlib import Path

from facts.kubernetes import OFFERED_VERSIONS
from sandbox.engine import go
from sandbox.engine.cache import cache_folder
from tools import go_programs

MODULE = Path(__file__).parent
VERSION = OFFERED_VERSIONS[-1].removeprefix("v")
"""The newest Kubernetes that OKE offers. The go.mod in this folder pins it and its etcd."""

NEEDS = "about six minutes on two cores for both programs, 3 GB of Go cache"

_VERSION_OF = "k8s.io/component-base/version"
_PACKAGES = {"etcd": "go.etcd.io/etcd/server/v3", "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver"}


@dataclass(frozen=True)
class Programs:
    """Paths of the two programs."""

    etcd: Path
    api_server: Path


def folder() -> Path:
    """The cache folder of this version, next to the engine's."""
    return cache_folder().parent / f"api-server-{VERSION}"


def present() -> Programs | None:
    """The programs, or None if one is not built."""
    found = Programs(folder() / "etcd", folder() / "kube-apiserver")
    return found if found.etcd.is_file() and found.api_server.is_file() else None


def obtain(say: go.Say) -> Programs:
    """The programs, which are built if necessary. `say` gets lines of progress. Raises `go.BuildError`, and
    EngineUnavailableError if the cache folder cannot be written."""
    major, minor, _ = VERSION.split(".")
    stamped = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    symbols = " ".join(f"-X {_VERSION_OF}.{key}={value}" for key, value in stamped.items())
    found = go_programs.obtain(folder(), MODULE, _PACKAGES, needs=NEEDS, say=say, symbols=symbols)
    return Programs(found / "etcd", found / "kube-apiserver")
