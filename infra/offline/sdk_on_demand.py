"""Loads of the cloud's SDKs only what is used, for the commands that run the program without an engine.

A package of theirs, such as `pulumi_oci.core`, imports every module that it has, hundreds, for a user of one class.
Here such a package begins empty, and a name is looked up in the module that is called like it when it is asked for. A
name that is found so in none loads the whole package as before, so this saves time and changes nothing else.
"""

import importlib
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

PACKAGES = re.compile(r"pulumi_oci\.(?!config$)[a-z]+|pulumi_kubernetes(\.[a-z]+)+\.v\d\w*")
"""Packages that hold classes alone: an OCI service, a version of a Kubernetes group."""

NESTED = "_inputs"
"""The module of the types of nested arguments."""


def install() -> None:
    """From now on. What is imported already stays as it is."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def module_names(name: str) -> list[str]:
    """The modules in which the SDKs' generators put a class or function, likeliest first."""
    stem = re.sub(r"(Args|_output)$", "", name)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", stem).lower()
    return list(dict.fromkeys([stem, snake, NESTED]))


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not PACKAGES.fullmatch(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader and spec.submodule_search_locations:
            spec.loader = _OnDemand(spec.loader)
        return spec


class _OnDemand(Loader):
    """Makes a package that begins empty."""

    def __init__(self, whole: Loader) -> None:
        self._whole = whole

    def exec_module(self, module: ModuleType) -> None:
        def look_up(name: str) -> object:
            if name == "__all__" or (found := _look_up(module, name)) is None:
                load_whole()
                return getattr(module, name)
            return found

        def load_whole() -> list[str]:
            del module.__dict__["__getattr__"], module.__dict__["__dir__"]
            self._whole.exec_module(module)
            return dir(module)

        module.__dict__.update(__getattr__=look_up, __dir__=load_whole)


def _look_up(package: ModuleType, name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")
    for candidate in module_names(name):
        module = _module(package, candidate)
        if module and name in getattr(module, "__all__", ()):
            # Importing a module puts it into its package, also under the name of the one class that it holds.
            setattr(package, name, getattr(module, name))
            return getattr(package, name)
    return _module(package, name)


def _module(package: ModuleType, name: str) -> ModuleType | None:
    fullname = f"{package.__name__}.{name}"
    try:
        return importlib.import_module(fullname)
    except ModuleNotFoundError as error:
        if error.name != fullname:
            raise
        return None
