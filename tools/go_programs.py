"""Programs built from a pinned Go module, in a cache folder beside the engine's."""

from collections.abc import Mapping
from pathlib import Path

from sandbox.engine import go
from sandbox.engine.cache import only_one, scratch


def obtain(
    folder: Path, module: Path, packages: Mapping[str, str], *, needs: str, say: go.Say, symbols: str = ""
) -> Path:
    """The folder with the programs, which are built if they are missing. `packages`: the Go package of each program.

    `module` is the folder of go.mod. `needs` tells how long it takes. `say` gets lines of progress. Raises
    `go.BuildError`, and EngineUnavailableError if the folder cannot be written.
    """
    if all((folder / name).is_file() for name in packages):
        return folder
    go.program()
    with only_one(say, folder):
        for name, package in packages.items():
            if not (folder / name).is_file():
                say(f"building {name} from source ({needs}); this happens once")
                _build(folder / name, module, package, symbols, say)
    return folder


def _build(target: Path, module: Path, package: str, symbols: str, say: go.Say) -> None:
    with scratch(target.parent) as unfinished:
        built = Path(unfinished) / target.name
        go.build(module, package, built, f"-s -w {symbols}".strip(), say)
        built.chmod(0o755)
        built.replace(target)
