"""The options of the routers that can stand before a model's engines.

Source: `smg launch --help` and `vllm-router --help` of the packages on PyPI (facts/data/routers/, one option per line).
`python -m facts.data.refresh_routers` updates them. A test compares the files with the pinned programs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "data" / "routers"

WHOLE = "whole"
"""In a file of bounds: the option takes whole numbers only."""

SMG, VLLM_ROUTER = "smg", "vllm-router"

PROGRAMS: Mapping[str, str] = MappingProxyType({SMG: "1.13.0", VLLM_ROUTER: "0.1.17"})
"""The version of each program. tools/traffic/requirements.in pins the same."""

HELP: Mapping[str, tuple[str, ...]] = MappingProxyType({SMG: ("launch", "--help"), VLLM_ROUTER: ("--help",)})
"""The arguments that print the options of a router."""


@dataclass(frozen=True, kw_only=True)
class RouterOption:
    """An option of a router."""

    name: str
    """Name without dashes. For an alias, the name of the option itself."""

    kind: str
    """`switch`, `value`, `list` or `choice`."""

    default: str | None
    """The default in the help's words. None if the help states none."""

    choices: tuple[str, ...] = ()

    least: float | None = None
    """The lowest number with which the program starts and answers. None: unknown."""

    most: float = inf
    """The highest one, if it is known."""

    whole: bool = False
    """Whether it takes whole numbers only, although its default does not show it."""


@cache
def router_options(program: str) -> Mapping[str, RouterOption]:
    """The options of a program by name, with their aliases."""
    path = FOLDER / f"{program}-options-{PROGRAMS[program]}.txt"
    bounds = _bounds(program)
    lines = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    unknown = (None, inf, False)
    own = {
        name: RouterOption(
            name=name,
            kind=kind,
            default=None if default == "-" else default,
            choices=tuple(choices[0].split(",")) if choices else (),
            least=bounds.get(name, unknown)[0],
            most=bounds.get(name, unknown)[1],
            whole=bounds.get(name, unknown)[2],
        )
        for name, kind, default, *choices in lines
        if kind != "alias"
    }
    aliases = {name: own[other] for name, kind, other, *_ in lines if kind == "alias"}
    return MappingProxyType({**own, **aliases})


def _bounds(program: str) -> dict[str, tuple[float | None, float, bool]]:
    """Bounds of a program's numbers by option, as far as they are known, and whether it takes whole numbers only."""
    path = FOLDER / f"{program}-bounds-{PROGRAMS[program]}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    words = [line.split(" ") for line in lines if not line.startswith("#")]
    found: dict[str, tuple[float | None, float, bool]] = {}
    for name, least, *more in words:
        most = [each for each in more if each != WHOLE]
        found[name] = (float(least), float(most[0]) if most else inf, WHOLE in more)
    return found
