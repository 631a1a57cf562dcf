"""The options of `vllm serve` with their types, and the fields of options that accept JSON."""

import ast
from collections.abc import Iterator, Mapping

from .source import Module, Sources
from .types import Kinds, own_choices

ENGINE = "vllm.engine.arg_utils"
FRONTEND = "vllm.entrypoints.common.cli_args"
FRONTEND_CLASS = "FrontendArgs"

OVERRIDES: Mapping[str, str] = {
    "--allowed-headers": "array",
    "--allowed-methods": "array",
    "--allowed-origins": "array",
    "--chat-template-content-format": "choice auto,openai,string",
    "--hf-overrides": "json",
    "--kv-cache-memory-bytes": "size >=1",
    "--limit-mm-per-prompt": "json",
    "--max-model-len": "size",
    "--middleware": "text",
    "--optimization-level": "choice 0,1,2,3",
    "--spec-method": "text",
}
"""Options whose type the wheel changes in code after it reads the annotation (FrontendArgs._customize_cli_kwargs), or
whose annotation allows more than a command line can contain."""

Class = tuple[Module, ast.ClassDef]


class Options:
    """The options of one wheel."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.kinds = Kinds(sources)

    def read(self) -> dict[str, str]:
        """Option to kind; `json ClassName` if its fields are known."""
        found: dict[str, str] = {}
        for name in (ENGINE, FRONTEND):
            module = self.sources.module(name)
            if module is None:
                raise FileNotFoundError(f"{self.sources.root}: has no {name}")
            found |= dict(self._added(module))
        module = self.sources.module(FRONTEND)
        front = module and self.sources.class_named(module, FRONTEND_CLASS)
        for owner, node in self._fields(front) if front else ():
            found[dashed(node)] = self._kind(owner, node)
        return found | {name: kind for name, kind in OVERRIDES.items() if name in found}

    def short(self) -> dict[str, str]:
        """Short form to option, e.g. `-tp` to `--tensor-parallel-size`."""
        modules = [self.sources.module(name) for name in (ENGINE, FRONTEND)]
        forms = [words for module in modules if module for _, words in _option_strings(module)]
        return {
            word: next(each for each in words if each.startswith("--"))
            for words in forms
            for word in words
            if not word.startswith("--") and len(words) > 1
        }

    def fields(self) -> dict[str, str]:
        """`Class.field` to kind, for every class that an option accepts as JSON, and for the classes of its fields."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        waiting = [kind.split()[1] for kind in self.read().values() if kind.startswith("json ")]
        while waiting:
            name = waiting.pop()
            owner = self._config_class(name)
            if name in seen or owner is None:
                continue
            seen.add(name)
            for module, node in self._fields(owner):
                kind = self._kind(module, node)
                found[f"{name}.{target(node)}"] = kind
                if kind.startswith("json "):
                    waiting.append(kind.split()[1])
        return found

    def _config_class(self, name: str) -> Class | None:
        module = self.sources.module("vllm.config")
        for origin in (module, self.sources.module(ENGINE)):
            if origin and (found := self.sources.class_named(origin, name)):
                return found
        return next(
            (
                (owner, owner.classes[name])
                for path in sorted((self.sources.root / "vllm" / "config").glob("*.py"))
                if (owner := self.sources.module(f"vllm.config.{path.stem}")) and name in owner.classes
            ),
            None,
        )

    def _kind(self, module: Module, node: ast.AnnAssign) -> str:
        kind = self.kinds.of_field(module, node)
        if kind != "json":
            return kind
        for name in (each.id for each in ast.walk(node.annotation) if isinstance(each, ast.Name)):
            if (found := self.sources.class_named(module, name)) and found[1].decorator_list:
                return f"json {name}"
        return kind

    def _fields(self, owner: Class) -> Iterator[tuple[Module, ast.AnnAssign]]:
        module, node = owner
        for base in node.bases:
            if isinstance(base, ast.Name) and (parent := self.sources.class_named(module, base.id)):
                yield from self._fields(parent)
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and not target(each).startswith("_"):
                yield module, each

    def _added(self, module: Module) -> Iterator[tuple[str, str]]:
        groups = self._groups(module)
        aliases = {
            name: field
            for name, value in module.assigned.items()
            if (field := _subscript(value)) and field[0] in groups
        }
        for call, words in _option_strings(module):
            kind = own_choices(call) or self._spread(call, groups, aliases) or "any"
            yield from ((word, kind) for word in words)

    def _groups(self, module: Module) -> dict[str, Class]:
        """Names such as `model_kwargs`, with the class that each describes."""
        found: dict[str, Class] = {}
        for name, value in module.assigned.items():
            match value:
                case ast.Call(func=ast.Name(id="get_kwargs"), args=[ast.Name(id=described)]):
                    if owner := self.sources.class_named(module, described):
                        found[name] = owner
                case _:
                    pass
        return found

    def _spread(
        self, call: ast.Call, groups: Mapping[str, Class], aliases: Mapping[str, tuple[str, str]]
    ) -> str | None:
        for part in (each.value for each in call.keywords if each.arg is None):
            for node in ast.walk(part):
                place = _subscript(node) or (aliases.get(node.id) if isinstance(node, ast.Name) else None)
                if place and (owner := groups.get(place[0])):
                    for module, field in self._fields(owner):
                        if target(field) == place[1]:
                            return self._kind(module, field)
        return None


def _option_strings(module: Module) -> Iterator[tuple[ast.Call, list[str]]]:
    """Calls of `add_argument` with the option strings that they define."""
    for call in ast.walk(module.tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "add_argument":
            names = [each.value for each in call.args if isinstance(each, ast.Constant)]
            words = [name for name in names if isinstance(name, str) and name.startswith("-")]
            if words:
                yield call, words


def target(node: ast.AnnAssign) -> str:
    """Name of the field."""
    return node.target.id if isinstance(node.target, ast.Name) else "_"


def dashed(node: ast.AnnAssign) -> str:
    """The option of a field."""
    return f"--{target(node).replace('_', '-')}"


def _subscript(node: ast.AST) -> tuple[str, str] | None:
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
            return name, key
        case _:
            return None
