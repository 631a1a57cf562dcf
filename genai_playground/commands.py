"""The console scripts: each puts the program's own folders first on the path, then runs what stands in them."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def program_root() -> Path:
    """The folder that holds `facts`, `components` and the rest: in a wheel `_program`, in a checkout its top."""
    inside = HERE / "_program"
    return inside if inside.is_dir() else HERE.parent


def playground() -> None:
    """`playground`: settings, memory, cost and changes of an environment."""
    _enter()
    from infra.commands.cli import main  # noqa: PLC0415 - the path is ready only now

    main()


def sandbox() -> None:
    """`sandbox`: the Pulumi engine on stand-ins for the clouds."""
    _enter()
    from sandbox.cli import main  # noqa: PLC0415

    main()


def component_provider() -> None:
    """`pulumi-resource-genai`: what the engine starts where a program uses the component package."""
    _enter()
    from infra.package.provider import serve  # noqa: PLC0415

    serve()


def _enter() -> None:
    sys.path.insert(0, str(program_root()))
