"""The console scripts. Each puts the program's own folders first on the path, then runs a command from them."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent


def program_root() -> Path:
    """The folder with `facts`, `components` and the rest: `_program` in a wheel, the top folder in a checkout."""
    inside = HERE / "_program"
    return inside if inside.is_dir() else HERE.parent


def playground() -> None:
    """`playground`: settings, memory, cost and changes of an environment."""
    with _ended_by_ctrl_c():
        _enter()
        from infra.commands.cli import main  # noqa: PLC0415 - the import needs the path

        main()


def sandbox() -> None:
    """`sandbox`: the Pulumi engine on stand-ins for the clouds."""
    with _ended_by_ctrl_c():
        _enter()
        from sandbox.cli import main  # noqa: PLC0415

        main()


def component_provider() -> None:
    """`pulumi-resource-genai`: the provider that the engine starts if a program uses the component package."""
    _enter()
    from infra.package.provider import serve  # noqa: PLC0415

    serve()


@contextmanager
def _ended_by_ctrl_c() -> Generator[None]:
    """Ctrl-C while the modules load ends a command as click does later: with a word in place of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\nAborted!\n")
        sys.exit(1)


def _enter() -> None:
    sys.path.insert(0, str(program_root()))
    from facts.loopback import direct  # noqa: PLC0415

    os.environ.update(direct(os.environ))
