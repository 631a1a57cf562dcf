"""Checks the source of components against the rules of CONTRIBUTING.md (part of `make lint`).

The rules and their reasons are in CONTRIBUTING.md. Each check names the line and what to write instead.
"""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path, PurePath

import griffe

from facts.components import MODULES
from tools.entry import start
from tools.system_tools import ROOT

SHORT = (
    "facts",
    "components",
    "serving",
    "infra",
    "report",
    "sandbox",
    "genai_playground",
    "tests",
    "tools",
)
"""Folders in which the limits on lines apply to every file, with components or without."""

LINES = 300
FUNCTION_LINES = 40
PROVIDERS = ("pulumi_oci", "pulumi_kubernetes")
PROMISES = ("deferred_output", "DeferredOutput", "Future")
PROGRAM = ("components", "serving", "infra")
"""Folders of the program, which registers resources."""

ON_NODES = Path("serving/weights/node")
"""Scripts that run on nodes, without Pulumi."""

Finding = tuple[int, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def component_files() -> list[Path]:
    """Every Python file to which the rules apply: in the folders of components, and in their parent folders."""
    modules = [PurePath(*module.split(".")) for module in MODULES.values()]
    folders = {folder for module in modules for folder in module.parents if folder.name}
    return sorted(file for folder in folders for file in (ROOT / folder).glob("*.py"))


def other_files() -> list[Path]:
    """Every other Python file. Only lengths are checked in them, and promises if the program runs them."""
    files = sorted(file for folder in SHORT for file in (ROOT / folder).rglob("*.py"))
    components = set(component_files())
    return [file for file in files if file not in components]


def check_source(source: str, components: Collection[str] = ()) -> list[Finding]:
    """The rules that a file breaks, as line and text. `components` are the names of its component classes."""
    tree = ast.parse(source)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    findings = [*_length(source, tree), *_imports(tree), *_promises(tree), *_args(source)]
    for node in classes:
        if node.name in components:
            findings += [*_component(node), *_children(node, _service_modules(tree))]
    return sorted([*findings, *_annotations(tree)])


def _annotations(tree: ast.Module) -> Iterator[Finding]:
    """Annotations are evaluated at import: an SDK class in one loads its whole service, which takes a second or
    more."""
    modules = _service_modules(tree)
    # Annotations of variables inside a function are not evaluated.
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    evaluated = [node for scope in (tree, *classes) for node in scope.body if isinstance(node, ast.AnnAssign)]
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    for node in (*evaluated, *functions):
        if isinstance(node, Function):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            annotations = [*(argument.annotation for argument in arguments), node.returns]
        else:
            annotations = [node.annotation]
        for annotation in filter(None, annotations):
            named = {name.id for name in ast.walk(annotation) if isinstance(name, ast.Name)} & modules
            if named:
                yield (
                    annotation.lineno,
                    f"quote the annotation {ast.unparse(annotation)}: it loads all of {min(named)}",
                )


def _length(source: str, tree: ast.Module) -> Iterator[Finding]:
    lines = len(source.splitlines())
    if lines > LINES:
        yield LINES, f"{lines} lines; at most {LINES}: split it, one idea per file"
    for node in _statements(tree):
        if isinstance(node, Function) and (own := _own_lines(node)) > FUNCTION_LINES:
            yield (
                node.lineno,
                f"{node.name}: {own} lines; at most {FUNCTION_LINES}: split it, one idea per function",
            )


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """All statements, also inner ones. Their expressions, most of a tree, contain no definition of a function."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        waiting += [
            inner
            for inner in ast.iter_child_nodes(node)
            if isinstance(inner, ast.stmt | ast.excepthandler | ast.match_case)
        ]
        yield node


def _own_lines(function: Function) -> int:
    """Lines of a function; of a long one without its inner functions, which are checked separately."""
    lines = {*range(function.lineno, (function.end_lineno or 0) + 1)}
    if len(lines) <= FUNCTION_LINES:
        return len(lines)
    inner = [node for node in ast.walk(function) if isinstance(node, Function) and node is not function]
    return len(lines - {line for node in inner for line in range(node.lineno, (node.end_lineno or 0) + 1)})


def _imports(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        if node.module == "__future__" and any(name.name == "annotations" for name in node.names):
            yield node.lineno, "the component analyzer cannot read `from __future__ import annotations`"
        package, _, inside = node.module.partition(".")
        if package in PROVIDERS:
            for name in node.names:
                if name.name[0].isupper() and (inside or name.name != "Provider"):
                    yield node.lineno, f"import the service module, not {name.name}: classes load slowly"


def _promises(tree: ast.Module) -> Iterator[Finding]:
    """Outputs that are resolved later: a refusal before that leaves them unresolved."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        word = node.attr if isinstance(node, ast.Attribute) else node.id
        if word in PROMISES:
            yield node.lineno, f"{word}: if a refusal comes before it is resolved, the run never ends"


def program_promises(place: PurePath, tree: ast.Module) -> Iterator[Finding]:
    """Promises in a file of the program that contains no component, such as a layer."""
    if place.parts[0] in PROGRAM and not place.is_relative_to(ON_NODES):
        yield from _promises(tree)


def fields(of: griffe.Class) -> list[griffe.Attribute]:
    """The annotated attributes of a class."""
    return [each for each in of.attributes.values() if each.annotation and "property" not in each.labels]


def _args(source: str) -> Iterator[Finding]:
    """Fields of the argument classes must have a docstring, and may be optional only as `T | None = None`."""
    for args in griffe.visit("checked", Path("checked.py"), source).classes.values():
        decorators = "".join(str(each.value) for each in args.decorators)
        if not args.name.endswith("Args") or "dataclass" not in decorators:
            continue
        if "frozen=True" not in decorators or "kw_only=True" not in decorators:
            yield args.lineno or 1, f"{args.name} must be @dataclass(frozen=True, kw_only=True)"
        for field in fields(args):
            line, name = field.lineno or 1, f"{args.name}.{field.name}"
            if field.docstring is None:
                yield line, f"{name} needs a docstring: unit, default, limits"
            if field.value is not None and str(field.value) != "None":
                yield line, f"{name}: a default other than None makes the field required in other languages"


def _component(node: ast.ClassDef) -> Iterator[Finding]:
    """A component must have a token, outputs and a registration."""
    source = ast.unparse(node)
    token = f"genai:index:{node.name}"
    if f"'{token}'" not in source:
        yield node.lineno, f'{node.name} must be registered as the literal "{token}"'
    if ".register_outputs(" not in source:
        yield node.lineno, f"{node.name} must end with self.register_outputs"
    outputs = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    if not outputs:
        yield node.lineno, f"{node.name} must declare its outputs as annotated class attributes"
    for output in outputs:
        name = ast.unparse(output.target)
        if f"self.{name} =" not in source and f"self.{name}:" not in source:
            yield output.lineno, f"{node.name}.{name} is declared but never assigned"


def _service_modules(tree: ast.Module) -> set[str]:
    """The names under which a file imports the providers' modules."""
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PROVIDERS
        for name in node.names
    }


def _children(node: ast.ClassDef, modules: set[str]) -> Iterator[Finding]:
    """Children of a provider must have the component's name as prefix, the Args form, and options."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        module, resource = ast.unparse(call.func.value), call.func.attr
        if module.split(".")[0] not in modules or not resource[0].isupper() or resource.endswith("Args"):
            continue
        if not call.args or not _named_after(call.args[0]):
            yield call.lineno, f"{resource}: the child's name must start with the component's name"
        if len(call.args) < 2 and not any(word.arg == "args" for word in call.keywords):
            yield (
                call.lineno,
                f"{resource}: write it as {resource}(name, {module}.{resource}Args(...), opts=...)",
            )
        if not any(word.arg == "opts" for word in call.keywords):
            yield call.lineno, f"{resource}: pass opts with the parent"


def _named_after(name: ast.expr) -> bool:
    if isinstance(name, ast.JoinedStr) and name.values:
        first = name.values[0]
        return isinstance(first, ast.FormattedValue)
    return isinstance(name, ast.Name)


def _components_in(file: Path) -> list[str]:
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return [name for name, place in MODULES.items() if place == module]


def main() -> int:
    """Check every component. Returns 1 if any rule is broken."""
    count = 0
    for file in component_files():
        for line, text in check_source(file.read_text(), _components_in(file)):
            print(f"{file.relative_to(ROOT)}:{line}: {text}")
            count += 1
    for file in other_files():
        place, source = file.relative_to(ROOT), file.read_text()
        tree = ast.parse(source)
        for line, text in (*_length(source, tree), *program_promises(place, tree)):
            print(f"{place}:{line}: {text}")
            count += 1
    return int(count > 0)


if __name__ == "__main__":
    start(main)
