"""The SDK's sentences about limits of inputs, and about inputs that must belong together."""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

_BOUNDING = re.compile(
    r"same (VCN|subnet|region|availability|compartment|tenancy|AD)|must be in|minimum|maximum|at least|at most|"
    r"no more than|can(no|')t exceed|up to \d|between \d|less than|greater than|\d+ (to|-|through) \d+|not exceed|"
    r"limit of|or fewer|characters|must not|must be",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r":param (.*?) (\w+): (.*?)(?=\n:param|\Z)", re.DOTALL)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(*])")


@dataclass(frozen=True)
class Sentence:
    """A sentence about an input: the resource's token, the path in camelCase, and the text."""

    token: str
    path: str
    text: str

    @property
    def digest(self) -> str:
        """A hash of the text, of eight hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()[:8]


def bounding_sentences(tokens: set[str]) -> list[Sentence]:
    """Every sentence that limits an input of these resources, nested inputs included."""
    return [sentence for token in sorted(tokens) for sentence in _of_resource(token)]


@cache
def _of_resource(token: str) -> tuple[Sentence, ...]:
    folder, classes, name = _home(token)
    args = classes.get(f"{name}InitArgs") or classes[f"{name}Args"]
    return tuple(
        Sentence(token, path, sentence)
        for path, text in _documented(args, folder, "", frozenset())
        for sentence in _END.split(text)
        if _BOUNDING.search(sentence)
    )


def _documented(
    args: ast.ClassDef, folder: Path, prefix: str, seen: frozenset[str]
) -> Iterator[tuple[str, str]]:
    start = next(each for each in args.body if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    documents = {
        name: " ".join(text.split()) for _, name, text in _PARAMETER.findall(ast.get_docstring(start) or "")
    }
    for argument in [*start.args.args, *start.args.kwonlyargs]:
        if argument.arg == "__self__" or argument.annotation is None:
            continue
        path = prefix + _camel(argument.arg)
        yield path, documents.get(argument.arg, "")
        for inner in re.findall(r"(\w+Args)\b", ast.unparse(argument.annotation)):
            nested = _nested(folder).get(inner)
            if nested is not None and inner not in seen:
                yield from _documented(nested, folder, f"{path}.", seen | {inner})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _home(token: str) -> tuple[Path, dict[str, ast.ClassDef], str]:
    module, name = _modules()[token]
    folder = _root().joinpath(*module.split(".")[1:])
    for file in sorted(folder.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        if re.search(rf"^class {name}\(pulumi\.CustomResource", text, re.MULTILINE):
            return folder, _classes(text), name
    raise LookupError(token)


@cache
def _nested(folder: Path) -> dict[str, ast.ClassDef]:
    return _classes((folder / "_inputs.py").read_text(encoding="utf-8"))


def _classes(text: str) -> dict[str, ast.ClassDef]:
    return {each.name: each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)}


@cache
def _root() -> Path:
    spec = importlib.util.find_spec("pulumi_oci")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def _modules() -> dict[str, tuple[str, str]]:
    listed = re.search(
        r'resource_modules="""\n(.*?)\n"""', (_root() / "__init__.py").read_text("utf-8"), re.DOTALL
    )
    assert listed is not None
    return {
        token: (module["fqn"], name)
        for module in json.loads(listed[1])
        for token, name in module["classes"].items()
    }
