"""The type of an option or a field, from its annotation.

A kind is a word, then choices or a bound: `switch`, `int`, `size` (also 16k, 1M), `float`, `text`, `json`, `array` (a
list in JSON), `choice a,b`, `name A,B` (upper or lower case), `list KIND`, `any`. Limits such as `>=1` follow.
"""

import ast
from collections.abc import Iterator

from .source import Module, Sources, strings_of

SIZES = frozenset(
    {
        "kv_cache_memory_bytes",
        "max_model_len",
        "max_num_batched_tokens",
        "max_num_queued_tokens",
        "max_num_scheduled_tokens",
        "safetensors_prefetch_block_size",
    }
)
"""Fields whose numbers may have a unit (vllm/engine/arg_utils.py, _compute_kwargs)."""

BOUNDS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
SCALARS = {"int": "int", "float": "float", "str": "text", "bool": "switch"}
LISTS = frozenset({"list", "tuple", "set", "Sequence"})


class Kinds:
    """Kinds of annotations of one package."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def of_field(self, module: Module, node: ast.AnnAssign) -> str:
        """Kind of a class's field, with its bounds."""
        name = node.target.id if isinstance(node.target, ast.Name) else ""
        kind = self.of(module, node.annotation)
        if name in SIZES and kind == "int":
            kind = "size"
        bounds = [*_bounds(node.annotation), *_bounds(node.value)]
        return " ".join([kind, *bounds])

    def of(self, module: Module, annotation: ast.expr) -> str:
        """Kind of an annotation, without limits. The order is the order in which the wheel checks types
        (_compute_kwargs)."""
        kinds = {kind for kind in self._parts(module, annotation) if kind != "none"}
        starts = {kind.split(" ", 1)[0]: kind for kind in sorted(kinds)}
        if "config" in starts or kinds == {"json"}:
            return "json"
        if "choice" in starts and "switch" not in starts:
            return "text" if "text" in starts else _joined(kinds)
        order = ("text", "switch") if kinds == {"switch", "text"} else ("switch", "list", "int", "float")
        found = next((starts[word] for word in order if word in starts), None)
        return found or ("any" if "json" in starts else starts.get("name") or starts.get("text") or "any")

    def _parts(self, module: Module, annotation: ast.expr | None) -> Iterator[str]:
        match annotation:
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                yield from self._parts(module, left)
                yield from self._parts(module, right)
            case ast.Constant(value=None):
                yield "none"
            case ast.Constant(value=str(text)):
                yield from self._parts(module, ast.parse(text, mode="eval").body)
            case ast.Subscript(value=ast.Name(id=outer), slice=inner):
                yield from self._subscript(module, outer, inner)
            case ast.Name(id=name):
                yield from self._name(module, name)
            case _:
                yield "any"

    def _subscript(self, module: Module, outer: str, inner: ast.expr) -> Iterator[str]:
        elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if outer == "Literal":
            words = sorted(self._literals(module, elements))
            yield f"choice {','.join(words)}" if words else "any"
        elif outer in {"Annotated", "SkipValidation", "InitVar"}:
            yield from self._parts(module, elements[0])
        elif outer in {"Optional", "Union"}:
            for each in elements:
                yield from self._parts(module, each)
        elif outer in LISTS:
            yield f"list {self.of(module, elements[0])}"
        elif outer in {"dict", "Mapping"}:
            yield "json"
        else:
            yield "any"

    def _literals(self, module: Module, elements: list[ast.expr]) -> Iterator[str]:
        for each in elements:
            match each:
                case ast.Constant(value=value):
                    yield str(value)
                case ast.Name(id=name) if found := self.sources.expression(module, name):
                    if isinstance(found[1], ast.Subscript):
                        inner = found[1].slice
                        yield from self._literals(
                            found[0], inner.elts if isinstance(inner, ast.Tuple) else [inner]
                        )
                case _:
                    pass

    def _name(self, module: Module, name: str) -> Iterator[str]:
        if name in SCALARS:
            yield SCALARS[name]
        elif name in LISTS:
            yield "list text"
        elif name == "dict":
            yield "json"
        elif found := self.sources.class_named(module, name):
            yield _class_kind(found[1])
        elif alias := self.sources.expression(module, name):
            yield from self._parts(*alias)
        else:
            yield "any"


def _class_kind(node: ast.ClassDef) -> str:
    bases = {_called(base) for base in node.bases}
    if any("Enum" in base for base in bases):
        members = [
            each.targets[0].id
            for each in node.body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        ]
        words = ",".join(sorted(member for member in members if not member.startswith("_")))
        return "any" if bases & {"IntEnum", "IntFlag"} else f"name {words}"
    decorators = {_called(each) for each in node.decorator_list}
    return "config" if decorators & {"config", "dataclass"} else "any"


def _joined(kinds: set[str]) -> str:
    """Several choices as one."""
    words = {
        word for kind in kinds if kind.startswith("choice ") for word in kind.split(" ", 1)[1].split(",")
    }
    return f"choice {','.join(sorted(words))}"


def _called(node: ast.expr) -> str:
    inner = node.func if isinstance(node, ast.Call) else node
    return inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""


def _bounds(node: ast.AST | None) -> Iterator[str]:
    for call in ast.walk(node) if node else ():
        if isinstance(call, ast.Call) and _called(call) == "Field":
            for keyword in call.keywords:
                if keyword.arg in BOUNDS and _is_number(keyword.value):
                    yield f"{BOUNDS[keyword.arg]}{ast.literal_eval(keyword.value)}"


def _is_number(node: ast.expr) -> bool:
    """Whether it is a plain number. A negative one is an operation in the tree."""
    value = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(value, ast.Constant)


def own_choices(call: ast.Call) -> str | None:
    """Kind of an option with its own type or choices, or None."""
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    action, choices, kind = given.get("action"), given.get("choices"), given.get("type")
    if action is not None and any(word in ast.dump(action) for word in ("store_true", "BooleanOptional")):
        return "switch"
    if words := strings_of(choices):
        return f"choice {','.join(sorted(words))}"
    if isinstance(kind, ast.Name) and kind.id in SCALARS:
        return SCALARS[kind.id]
    return None
