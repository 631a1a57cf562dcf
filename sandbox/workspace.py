"""The project as the engine sees it: its program linked, its stack configs copied.

`pulumi stack init` writes into a stack's config file. The sandbox gives it a copy, so that the user's stays as it is.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sandbox.home import Home

SALT = "encryptionsalt"


def stack_file(folder: Path, stack: str) -> Path:
    """A stack's config file."""
    return folder / f"Pulumi.{stack}.yaml"


def known_stacks(project: Path) -> list[str]:
    """The stacks that have a config file."""
    return sorted(file.name.split(".", 1)[1].removesuffix(".yaml") for file in project.glob("Pulumi.*.yaml"))


def lay_out(home: Home) -> None:
    """Bring the workspace up to date with the project."""
    settings = _read(home.project / "Pulumi.yaml")
    main = Path(str(settings.get("main", "."))).parts
    target = home.project / main[0] if main else home.project
    link = home.workspace / (main[0] if main else "program")
    placed = {} if main else {"main": link.name}
    _write(home.workspace / "Pulumi.yaml", settings | placed | _runtime(settings.get("runtime")))
    if link.is_symlink() and link.readlink() != target:
        link.unlink()
    if not link.is_symlink():
        link.symlink_to(target)
    for stack in known_stacks(home.project):
        copy_config(home, stack)


def _runtime(declared: Any) -> dict[str, Any]:
    """The `runtime` of the copy: Pulumi's own Python host would make an environment beside the copy, and an empty one.

    Without a virtual environment it takes the python that is first on PATH, and that is this one too.
    """
    runtime = declared if isinstance(declared, dict) else {"name": declared}
    if runtime["name"] != "python":
        return {"runtime": declared}
    options = {
        key: value
        for key, value in (runtime.get("options") or {}).items()
        if key not in ("toolchain", "virtualenv")
    }
    if sys.prefix != sys.base_prefix:
        options |= {"toolchain": "pip", "virtualenv": sys.prefix}
    return {"runtime": {"name": "python", "options": options}}


def copy_config(home: Home, stack: str) -> None:
    """Copy one stack's config, keeping the sandbox's own encryption salt.

    A value encrypted for the real stack cannot be read here: `encrypted_paths` names those, and the caller puts a
    secret of the sandbox's own in their place.
    """
    source = _read(stack_file(home.project, stack))
    copy = stack_file(home.workspace, stack)
    own = _read(copy) if copy.exists() else {}
    kept = {
        key: value for key, value in source.items() if key not in (SALT, "secretsprovider", "encryptedkey")
    }
    kept["config"] = _without_ciphertext(source.get("config") or {})
    if SALT in own:
        kept[SALT] = own[SALT]
    _write(copy, kept)


def encrypted_paths(project: Path, stack: str) -> list[str]:
    """The config paths, as `pulumi config set --path` takes them, of values that only the real stack's key opens."""
    source = _read(stack_file(project, stack))
    return [path for key, value in (source.get("config") or {}).items() for path in _ciphertexts(key, value)]


def _is_ciphertext(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _without_ciphertext(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ciphertext(part) for key, part in value.items() if not _is_ciphertext(part)}
    if isinstance(value, list):
        return ["" if _is_ciphertext(part) else _without_ciphertext(part) for part in value]
    return value


def _ciphertexts(path: str, value: object) -> Iterator[str]:
    if _is_ciphertext(value):
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _ciphertexts(f"{path}.{key}", part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _ciphertexts(f"{path}[{index}]", part)


def _write(file: Path, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, sort_keys=False)
    if not file.exists() or file.read_text() != text:
        scratch = file.with_suffix(".new")
        scratch.write_text(text)
        scratch.replace(file)


def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text()) or {}
