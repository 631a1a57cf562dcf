"""Loads only the used parts of the cloud SDKs.

A package of an SDK, such as `pulumi_oci.core`, imports hundreds of modules even if the program uses one class. Here
such a package starts empty. When a name is used, only the module with that name is imported. If there is no such
module, the whole package is loaded as before. So this saves time and changes nothing else. The commands that run the
program without an engine also create the classes of a module on demand.
"""

import importlib
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from .classes_on_demand import ClassesOnDemand

PACKAGES = re.compile(r"pulumi_oci\.(?!config$)[a-z]+|pulumi_kubernetes(\.[a-z]+)+\.v\d\w*", re.ASCII)
"""Packages that contain only classes: an OCI service, or a version of a Kubernetes group."""

NESTED = "_inputs"
"""The module with the types of nested arguments."""


def install(*, classes: bool = True) -> None:
    """Start to load packages on demand, and with `classes` also the classes of their modules.

    Packages that are already imported do not change. After a call with `classes`, a call without it changes nothing.
    """
    found = next((each for each in sys.meta_path if isinstance(each, _Finder)), None)
    if found is None:
        sys.meta_path.insert(0, _Finder(classes))
    elif classes:
        found.classes = True


def module_names(name: str) -> list[str]:
    """The modules in which the SDKs' generators put a class or function, the most likely first."""
    stem = re.sub(r"((Init)?Args|_output)$", "", name)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", stem).lower()
    return list(dict.fromkeys([stem, snake, NESTED]))


class _Finder(MetaPathFinder):
    def __init__(self, classes: bool) -> None:
        self.classes = classes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = PACKAGES.fullmatch(fullname)
        if not package and not (self.classes and PACKAGES.fullmatch(fullname.rpartition(".")[0])):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _OnDemand(spec.loader) if package else ClassesOnDemand(spec.loader)
        return spec


class _OnDemand(Loader):
    """Creates a package that starts empty."""

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
            # An import adds the module to its package. A class of the same name, as in Kubernetes, takes its place.
            for each in {name, candidate}.intersection(module.__all__):
                setattr(package, each, getattr(module, each))
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
