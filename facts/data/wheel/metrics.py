"""The metrics of an engine, read from the statements in vLLM's sources that create them."""

import ast
from collections.abc import Iterator

from .source import Module, Sources, strings_of

LOGGERS = "vllm.v1.metrics.loggers"
BUCKETS = "vllm.v1.metrics.buckets"
OWNER = "PrometheusStatLogger"

_KINDS = {"_gauge_cls": "gauge", "_counter_cls": "counter", "_histogram_cls": "histogram"}


def metrics(sources: Sources) -> Iterator[str]:
    """Each metric with its kind, its labels, and the buckets of a histogram whose buckets are always the same.

    Counters have the suffix that the exposition format adds. `-` is no label.
    """
    module, buckets = sources.module(LOGGERS), sources.module(BUCKETS)
    owner = sources.class_named(module, OWNER) if module else None
    if owner is None or buckets is None:
        raise FileNotFoundError(f"{sources.root}: has no {LOGGERS} with {OWNER}, or no {BUCKETS}")
    assigned = _assigned(owner[1])
    for call in (node for node in ast.walk(owner[1]) if isinstance(node, ast.Call)):
        kind = _KINDS.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None
        words = {each.arg: each.value for each in call.keywords}
        name = words.get("name")
        if kind is None or not isinstance(name, ast.Constant):
            continue
        full = f"{name.value}_total" if kind == "counter" else str(name.value)
        labels = ",".join(sorted(_labels(words.get("labelnames"), assigned))) or "-"
        edges = ",".join(_edges(words.get("buckets"), assigned, buckets))
        yield f"{full} {kind} {labels} {edges}".strip()


def _assigned(owner: ast.ClassDef) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in ast.walk(owner):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value):
                found[f"self.{name}"] = value
            case _:
                pass
    return found


def _labels(expression: ast.expr | None, assigned: dict[str, ast.expr]) -> list[str]:
    match expression:
        case ast.Name(id=name):
            return _labels(assigned.get(name), assigned)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [*_labels(left, assigned), *_labels(right, assigned)]
        case ast.List(elts=items) if all(isinstance(each, ast.Attribute) for each in items):
            texts = [assigned.get(ast.unparse(each)) for each in items]
            return [str(each.value) for each in texts if isinstance(each, ast.Constant)]
        case _:
            return strings_of(expression)


def _edges(expression: ast.expr | None, assigned: dict[str, ast.expr], buckets: Module) -> list[str]:
    """The upper bounds of the family that `histogram_buckets` returns. None for families that depend on the model."""
    match expression:
        case ast.Name(id=name):
            return _edges(assigned.get(name), assigned, buckets)
        case ast.Call(func=ast.Name(id="histogram_buckets"), args=[ast.Constant(value=family)]):
            families = buckets.assigned.get("_STATIC_FAMILY_DEFAULTS")
        case _:
            return []
    if not isinstance(families, ast.Dict):
        return []
    for key, value in zip(families.keys, families.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == family and isinstance(value, ast.Name):
            listed = buckets.assigned.get(value.id)
            items = listed.elts if isinstance(listed, ast.Tuple) else []
            return [
                f"{each.value:g}"
                for each in items
                if isinstance(each, ast.Constant) and isinstance(each.value, int | float)
            ]
    return []
