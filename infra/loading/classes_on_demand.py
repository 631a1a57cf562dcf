"""Creates the classes of an SDK's module when they are first used.

A module such as `pulumi_oci.core.outputs` has a thousand classes, and a program uses some twenty of them. Here a class
statement only notes how to create its class. All other statements of the module run as before.

This changes nothing in the SDK. A module can have its own builtins (see `exec` in Python's manual). CPython calls their
`__build_class__` for each class statement. It also asks them for each name that the module does not have, so a class is
created when a function or an annotation of the module names it. Python's manual does not promise these two.
"""

import builtins
from collections.abc import Callable
from functools import cache
from importlib.abc import Loader
from importlib.machinery import SourceFileLoader
from types import ModuleType, SimpleNamespace
from typing import Any, TypedDict

BASES: tuple[tuple[object, ...], ...] = ((), (dict,), (TypedDict,))
"""The bases of the classes that are created on demand: arguments, results and their dictionaries."""

DECORATORS = ("input_type", "output_type")
"""The decorators of the SDK on such classes."""


class ClassesOnDemand(Loader):
    """Loads a module without its classes. A module that does not work that way is loaded as `whole` loads it."""

    def __init__(self, whole: SourceFileLoader) -> None:
        self._whole = whole

    def exec_module(self, module: ModuleType) -> None:
        before = dict(module.__dict__)
        names = _Names(module)
        module.__dict__.update(__builtins__=names, __getattr__=names.attribute, __dir__=names.known)
        code = self._whole.get_code(module.__name__)
        try:
            exec(code or "", module.__dict__, _Body(module, names))  # noqa: S102 - every import does this
        except Exception:
            # If the module itself is wrong, this raises the error again.
            module.__dict__.clear()
            module.__dict__.update(before)
            self._whole.exec_module(module)


class _Later:
    """A class that is not created yet. Other decorators fail on it, because they cannot set attributes."""

    __slots__ = ("_decorators", "_statement")

    def __init__(self, *statement: Any) -> None:
        self._statement = statement
        self._decorators: list[Callable[[type], type]] = []

    def decorate(self, decorator: Callable[[type], type]) -> "_Later":
        self._decorators.append(decorator)
        return self

    def create(self) -> type:
        created: type = builtins.__build_class__(*self._statement)
        for decorator in self._decorators:
            created = decorator(created)
        return created


class _Names(dict[str, Any]):
    """The builtins of a module. They also find the module's classes that are not created yet."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(vars(builtins))
        self.update(__build_class__=self._class_statement, __import__=self._import_statement)
        self.later: dict[str, _Later] = {}
        self._module = module
        self._stars: list[ModuleType] = []

    def __missing__(self, name: str) -> Any:
        if name in self.later:
            # If two threads create the class, both get the same one.
            return self._module.__dict__.setdefault(name, self.later[name].create())
        for each in self._stars:
            if name in each.__all__:
                return getattr(each, name)
        raise KeyError(name)

    def attribute(self, name: str) -> Any:
        """The module's `__getattr__`."""
        try:
            return self.__missing__(name)
        except KeyError:
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}") from None

    def known(self) -> list[str]:
        """The module's `__dir__`."""
        imported = {name for each in self._stars for name in each.__all__}
        return sorted({*self._module.__dict__, *self.later, *imported})

    def _class_statement(self, body: Any, name: str, *bases: Any, **options: Any) -> Any:
        # A nested class has another qualified name. A class with the name of a builtin would never be looked up.
        if bases in BASES and not options and body.__qualname__ == name and name not in self:
            return _Later(body, name, *bases)
        return builtins.__build_class__(body, name, *bases, **options)

    def _import_statement(self, name: str, *where: Any) -> Any:
        found = builtins.__import__(name, *where)
        _globals, _locals, wanted, _level = where
        on_demand = isinstance(found.__dict__.get("__builtins__"), _Names)
        if wanted == ("*",) and on_demand and self.keys().isdisjoint(found.__all__):
            self._stars.append(found)
            return SimpleNamespace(__all__=())
        return found


class _Body(dict[str, Any]):
    """The names that the statements of a module set. All but the postponed classes go to the module itself."""

    def __init__(self, module: ModuleType, names: _Names) -> None:
        super().__init__(pulumi=_pulumi())
        self._module = module
        self._names = names

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, _Later):
            self._names.later[name] = value
        else:
            self._module.__dict__[name] = value


@cache
def _pulumi() -> SimpleNamespace:
    """The package `pulumi`, with decorators that accept a class that is not created yet."""
    import pulumi  # noqa: PLC0415 - some commands do not need it

    def patient(decorator: Callable[[type], type]) -> Callable[[Any], Any]:
        return lambda each: each.decorate(decorator) if isinstance(each, _Later) else decorator(each)

    return SimpleNamespace(**vars(pulumi) | {name: patient(getattr(pulumi, name)) for name in DECORATORS})
