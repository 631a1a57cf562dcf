"""The engine's view of the project: a link to the program, and copies of the stack configs.

`pulumi stack init` writes into a stack's config file. The sandbox gives it a copy, so that the user's file stays
unchanged.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from facts.engine_yaml import read_yaml
from facts.engine_yaml.faults import os_words
from facts.problem import InvalidInput, Problem
from facts.stack_config import config_in
from sandbox.home import Home
from sandbox.host.environment import environment_folder
from sandbox.stack_copy import copied_text, is_ciphertext, salt_of


def stack_file(folder: Path, stack: str) -> Path:
    """A stack's config file."""
    return folder / f"Pulumi.{stack}.yaml"


def known_stacks(project: Path) -> list[str]:
    """The stacks that have a config file."""
    return sorted(file.name.split(".", 1)[1].removesuffix(".yaml") for file in project.glob("Pulumi.*.yaml"))


def lay_out(home: Home, stack: str | None = None, config: Path | None = None) -> None:
    """Update the workspace from the project. Only the config of `stack` is read: `config`, or else its own file."""
    settings = _project(home.project / "Pulumi.yaml")
    main = Path(str(settings.get("main", "."))).parts
    target = home.project / main[0] if main else home.project
    link = home.workspace / (main[0] if main else "program")
    placed = {} if main else {"main": link.name}
    # JSON is YAML in which a text cannot be read as a number.
    runtime = _runtime(home.project, home.project.joinpath(*main), settings.get("runtime"))
    text = json.dumps(settings | placed | runtime, ensure_ascii=False, indent=2)
    _write(home.workspace / "Pulumi.yaml", text.encode("utf-8"))
    if link.is_symlink() and link.readlink() != target:
        link.unlink()
    if not link.is_symlink():
        link.symlink_to(target)
    if stack is not None:
        copy_config(home, stack, config or stack_file(home.project, stack))


def _project(file: Path) -> dict[str, Any]:
    content = read_yaml(file).value
    if not isinstance(content, dict) or "runtime" not in content:
        raise InvalidInput(
            [Problem(file.name, None, "must be a project with `name` and `runtime`")], file.name
        )
    return content


def _runtime(project: Path, program: Path, declared: Any) -> dict[str, Any]:
    """The `runtime` of the copy, with the full path of the program's environment: the copy is in another folder."""
    runtime = declared if isinstance(declared, dict) else {"name": declared}
    if runtime["name"] != "python":
        return {"runtime": declared}
    given = runtime.get("options") or {}
    environment = environment_folder(project, program, given)
    options = {key: value for key, value in given.items() if key not in ("toolchain", "virtualenv")}
    options["toolchain"] = "pip"
    if environment:
        options["virtualenv"] = str(environment)
    return {"runtime": {"name": "python", "options": options}}


def copy_config(home: Home, stack: str, source: Path) -> None:
    """Copy one stack's config from `source` unchanged, except for the encryption: the copy has the sandbox's own salt.

    The sandbox cannot read values that are encrypted for the real stack. `encrypted_paths` lists them, and the caller
    replaces them with the sandbox's own secrets.
    """
    copy = stack_file(home.workspace, stack)
    salt = salt_of(copy.read_bytes(), copy.name) if copy.is_file() else None
    try:
        text = source.read_bytes()
    except OSError as error:
        raise InvalidInput([Problem(str(source), source.name, *os_words(error))], source.name) from None
    _write(copy, copied_text(text, source.name, salt))


def fault_of(file: Path) -> InvalidInput | None:
    """Why a stack's config cannot be read, with what to do about it. The engine says it in its parser's words."""
    try:
        config_in(read_yaml(file).value, file.name)
    except InvalidInput as error:
        return error
    return None


def encrypted_paths(file: Path) -> list[str]:
    """The config paths (as for `pulumi config set --path`) of values that only the real stack's key decrypts."""
    try:
        content = read_yaml(file).value
    except InvalidInput:
        return []  # the engine refuses it
    config = content.get("config") if isinstance(content, dict) else None
    entries = config.items() if isinstance(config, dict) else ()
    return [path for key, value in entries for path in _ciphertexts(key, value)]


def _ciphertexts(path: str, value: object) -> Iterator[str]:
    if is_ciphertext(value):
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _ciphertexts(f"{path}.{key}", part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _ciphertexts(f"{path}[{index}]", part)


def _write(file: Path, content: bytes) -> None:
    if not file.exists() or file.read_bytes() != content:
        scratch = file.with_suffix(".new")
        scratch.write_bytes(content)
        scratch.replace(file)
