"""Update facts/data/vllm from vLLM's own wheel. Run it by hand for each new version:

    pip download --no-deps vllm==VERSION && unzip -q vllm-*.whl -d FOLDER
    python -m facts.data.refresh_vllm FOLDER [--to FOLDER]

FOLDER contains the package `vllm`: it is an unpacked wheel or a site-packages folder. No code of the package runs.
Read the diff before you commit: one line is one name. Then set VERSION in facts/vllm.py.
"""

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .wheel.metrics import metrics
from .wheel.options import ENGINE, FRONTEND, Options
from .wheel.source import Sources, keys_of, pairs_of, raises, strings_of

FOLDER = Path(__file__).parent / "vllm"

MODELS = "vllm.model_executor.models"
REGISTRY = f"{MODELS}.registry"
INTERFACES = {
    "IsHybrid": "hybrid",
    "SupportsLoRA": "lora",
    "SupportsMultiModal": "multimodal",
    "SupportsPP": "pp",
}
"""Classes in vllm/model_executor/models/interfaces.py, by the word for each in the files."""

PLATFORM = "vllm.platforms.rocm"

CHECKED = (
    "vllm.config",
    ENGINE,
    FRONTEND,
    "vllm.entrypoints.cli.serve",
    PLATFORM,
    "vllm.v1.core.kv_cache_utils",
)
"""Modules whose refusals `check` must know: the configuration and the code that builds it, the server, ROCm, the
cache."""


def variables(sources: Sources) -> Iterator[str]:
    """Environment variables, each with its type if the code states one: `int`, `float`, `choice a,b`, `name a,b`.

    The conversion in the code is read first, then the annotation: code that treats any word as "off" hides a misspelled
    word.
    """
    module = sources.module("vllm.envs")
    listed = module and module.assigned.get("environment_variables")
    if module is None or not isinstance(listed, ast.Dict):
        raise FileNotFoundError(f"{sources.root}: has no vllm.envs with environment_variables")
    told = {
        node.target.id: node.annotation
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    for key, value in zip(listed.keys, listed.values, strict=True):
        if isinstance(key, ast.Constant):
            name = str(key.value)
            yield f"{name} {_variable_kind(value) or _annotated_kind(name, told.get(name))}".strip()


def _annotated_kind(name: str, annotation: ast.expr | None) -> str:
    match annotation:
        case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Constant(value=None)):
            return _annotated_kind(name, left)
        case ast.Name(id="bool") if name.startswith("VLLM_"):
            return "name 0,1,false,true"
        case ast.Name(id="int" | "float" as kind):
            return kind
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple() as words):
            return f"choice {','.join(sorted(strings_of(words)))}"
        case _:
            return ""


def _variable_kind(value: ast.expr) -> str:
    called = [
        each for each in ast.walk(value) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    ]
    names = {each.func.id for each in called if isinstance(each.func, ast.Name)}
    if isinstance(value, ast.Call) and "env_with_choices" in names and len(value.args) > 2:
        words = strings_of(value.args[2])
        loose = any(each.arg == "case_sensitive" for each in value.keywords)
        return f"{'name' if loose else 'choice'} {','.join(sorted(words))}" if words else ""
    # Only a conversion of the value itself counts. A number inside a condition does not give its type.
    body = value.body if isinstance(value, ast.Lambda) else value
    return next((word for word in ("int", "float") if _converts(body, word)), "")


def _converts(body: ast.expr, word: str) -> bool:
    match body:
        case ast.Call(func=ast.Name(id=name), args=[inner]) if name == "bool":
            return _converts(inner, word)
        case ast.Call(func=ast.Name(id=name)):
            return name == word
        case _:
            return False


def architectures(sources: Sources) -> Iterator[str]:
    """Architectures with how they are served, `vllm` with its own code or `transformers` with that library's, then the
    features of that code: `hybrid` (keeps a state beside the cache), `lora`, `multimodal`, `pp` (pipeline stages)."""
    module = sources.module(REGISTRY)
    if module is None:
        raise FileNotFoundError(f"{sources.root}: has no {REGISTRY}")
    for name, listed in module.assigned.items():
        if name.endswith("_MODELS") and "PREVIOUSLY" not in name and "OOT" not in name:
            way = "transformers" if "TRANSFORMERS" in name else "vllm"
            for architecture, place in pairs_of(listed):
                yield " ".join([architecture, way, *sorted(_interfaces(sources, *place))])


def _interfaces(sources: Sources, module: str, name: str) -> set[str]:
    owner = sources.module(module if module.startswith("vllm.") else f"{MODELS}.{module}")
    found = sources.class_named(owner, name) if owner else None
    if found is None:
        return set()
    there, node = found
    known: set[str] = set()
    for base in (each.id for each in node.bases if isinstance(each, ast.Name)):
        if base in INTERFACES:
            known.add(INTERFACES[base])
        elif parent := sources.class_named(there, base):
            known |= _interfaces(sources, parent[0].name, base)
    return known


def refusals(sources: Sources) -> Iterator[str]:
    """Each refusal to start: file, function, number of the refusal there, and a hash of its conditions."""
    for name in CHECKED:
        path = sources.path(name)
        files = sorted(path.parent.glob("*.py")) if path and path.name == "__init__.py" else [path]
        for file in (each for each in files if each is not None):
            place = file.relative_to(sources.root / "vllm").as_posix()
            counted: Counter[str] = Counter()
            for function, mark in raises(ast.parse(file.read_text(encoding="utf-8"))):
                counted[function] += 1
                yield f"{place} {function} {counted[function]:02} {mark}"


def parsers(sources: Sources, module: str, table: str) -> Iterator[str]:
    """The registered names of a kind of parser."""
    found = sources.module(module)
    yield from keys_of(found.assigned.get(table) if found else None)


def quantizations(sources: Sources) -> Iterator[str]:
    """Quantization methods that the ROCm platform accepts."""
    found = sources.module(PLATFORM)
    yield from strings_of(found.assigned.get("supported_quantization") if found else None)


def tables(sources: Sources) -> dict[str, list[str]]:
    """Every file by name, with sorted lines."""
    options = Options(sources)
    lines = {
        "architectures": architectures(sources),
        "config-fields": (f"{name} {kind}" for name, kind in options.fields().items()),
        "env": variables(sources),
        "metrics": metrics(sources),
        "option-kinds": (f"{name} {kind}" for name, kind in options.read().items()),
        "reasoning-parsers": parsers(sources, "vllm.reasoning", "_REASONING_PARSERS_TO_REGISTER"),
        "refusals": refusals(sources),
        "rocm-quantizations": quantizations(sources),
        "short-options": (f"{short} {name}" for short, name in options.short().items()),
        "tool-parsers": parsers(sources, "vllm.tool_parsers", "_TOOL_PARSERS_TO_REGISTER"),
    }
    return {name: sorted(set(found)) for name, found in lines.items()}


def version_of(sources: Sources) -> str:
    """The version in the wheel's own metadata."""
    for folder in sorted(sources.root.glob("vllm-*.dist-info")):
        if found := re.search(r"^Version: (\d+\.\d+\.\d+)", (folder / "METADATA").read_text("utf-8"), re.M):
            return found[1]
    raise FileNotFoundError(f"{sources.root}: has no vllm-*.dist-info/METADATA: unpack the whole wheel")


def write(root: Path, to: Path) -> list[Path]:
    """Writes every file and returns the paths."""
    sources = Sources(root)
    version = version_of(sources)
    written: list[Path] = []
    for name, lines in tables(sources).items():
        path = to / f"{name}-{version}.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("wheel", type=Path, help="folder that contains the package vllm")
    parser.add_argument(
        "--to", type=Path, default=FOLDER, help="folder for the files; default: facts/data/vllm"
    )
    given = parser.parse_args()
    try:
        written = write(given.wheel, given.to)
    except FileNotFoundError as error:
        parser.error(str(error))
    for path in written:
        count = len(path.read_text(encoding="utf-8").splitlines())
        sys.stdout.write(f"{path}: {count} lines\n")


if __name__ == "__main__":
    main()
