"""The parsed Python sources of a package. Names are followed to their definitions."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One parsed file."""

    name: str
    tree: ast.Module
    assigned: dict[str, ast.expr] = field(default_factory=dict[str, ast.expr])
    classes: dict[str, ast.ClassDef] = field(default_factory=dict[str, ast.ClassDef])
    imported: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Local name to the module that defines it, and its name there."""


class Sources:
    """The package in a folder. `root` is the folder that contains the package."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # A run reads one wheel, so the cache can live as long as this object.
        self.module = cache(self._module)

    def path(self, name: str) -> Path | None:
        """The file of a module, or None."""
        stem = self.root.joinpath(*name.split("."))
        return next(
            (path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None
        )

    def _module(self, name: str) -> Module | None:
        path = self.path(name)
        if path is None:
            return None
        found = Module(name, ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(found.tree):
            _note(found, node, is_package=path.name == "__init__.py")
        return found

    def expression(self, module: Module, name: str) -> tuple[Module, ast.expr] | None:
        """The value assigned to a name, here or in the module from which it is imported."""
        if name in module.assigned:
            return module, module.assigned[name]
        there = self._imported(module, name)
        return self.expression(*there) if there else None

    def class_named(self, module: Module, name: str) -> tuple[Module, ast.ClassDef] | None:
        """The class with this name, here or in the module from which it is imported."""
        if name in module.classes:
            return module, module.classes[name]
        there = self._imported(module, name)
        return self.class_named(*there) if there else None

    def _imported(self, module: Module, name: str) -> tuple[Module, str] | None:
        origin = module.imported.get(name)
        if origin is None:
            return None
        there = self.module(origin[0])
        return (there, origin[1]) if there else None


def _note(found: Module, node: ast.AST, *, is_package: bool) -> None:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            found.assigned.setdefault(name, value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            found.assigned.setdefault(name, value)
        case ast.ClassDef(name=name):
            found.classes.setdefault(name, node)
        case ast.ImportFrom(module=origin, names=names, level=level):
            place = _absolute(found.name, origin or "", level, is_package=is_package)
            for alias in names:
                name = alias.asname or alias.name
                # A package with one version per GPU maker imports one of them. AMD's is used.
                if name not in found.imported or ".amd." in f"{place}.":
                    found.imported[name] = (place, alias.name)
        case _:
            pass


def _absolute(name: str, origin: str, level: int, *, is_package: bool) -> str:
    if not level:
        return origin
    steps = name.split(".")
    kept = steps[: len(steps) - level + is_package]
    return ".".join([*kept, origin] if origin else kept)


def keys_of(expression: ast.expr | None) -> list[str]:
    """The string keys of a dict literal, without the keys of spread dicts."""
    if not isinstance(expression, ast.Dict):
        return []
    return [
        key.value for key in expression.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]


def pairs_of(expression: ast.expr | None) -> Iterator[tuple[str, tuple[str, str]]]:
    """String keys of a dict literal whose values are pairs of strings."""
    if isinstance(expression, ast.Dict):
        for key, value in zip(expression.keys, expression.values, strict=True):
            found = strings_of(value)
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and len(found) == 2:
                yield key.value, (found[0], found[1])


def strings_of(expression: ast.expr | None) -> list[str]:
    """The strings of a list, tuple or set literal."""
    if not isinstance(expression, ast.List | ast.Tuple | ast.Set):
        return []
    return [
        each.value
        for each in expression.elts
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def raises(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The function around each `raise` of a new error and each `assert`, with a hash of its conditions.

    The hash changes if a condition around the statement changes, but not if only the message changes.
    """

    def visit(node: ast.AST, inside: str, around: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            name, outer = inside, around
            match child:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    name, outer = child.name, ()
                case ast.If():
                    outer = (*around, ast.unparse(child.test))
                case ast.Assert():
                    yield name, _mark(*around, ast.unparse(child.test))
                case ast.Raise(exc=ast.expr()):
                    yield name, _mark(*around)
                case _:
                    pass
            yield from visit(child, name, outer)

    yield from visit(tree, "module", ())


def _mark(*conditions: str) -> str:
    return hashlib.sha256("\n".join(conditions).encode()).hexdigest()[:8]
