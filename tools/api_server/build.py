"""Builds kube-apiserver and etcd from their pinned Go modules, and stores them next to the engine."""

from dataclasses import dataclass
from pathlib import Path

from facts.kubernetes import OFFERED_VERSIONS
from sandbox.engine import go
from sandbox.engine.cache import cache_folder, only_one, scratch

MODULE = Path(__file__).parent
VERSION = OFFERED_VERSIONS[-1].removeprefix("v")
"""The newest Kubernetes that OKE offers. The go.mod in this folder pins it and its etcd."""

NEEDS = "about six minutes on two cores, 3 GB of Go cache"

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
    found = present()
    if found:
        return found
    go.program()
    with only_one(say, folder()):
        for name, package in _PACKAGES.items():
            if not (folder() / name).is_file():
                say(
                    f"building {name} of Kubernetes {VERSION} from source ({NEEDS} in all); this happens once"
                )
                _install(name, package, say)
    return Programs(folder() / "etcd", folder() / "kube-apiserver")


def _install(name: str, package: str, say: go.Say) -> None:
    major, minor, _ = VERSION.split(".")
    stamped = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    symbols = " ".join(f"-X {_VERSION_OF}.{key}={value}" for key, value in stamped.items())
    with scratch(folder()) as unfinished:
        built = Path(unfinished) / name
        go.build(MODULE, package, built, f"-s -w {symbols}", say)
        built.chmod(0o755)
        built.replace(folder() / name)
