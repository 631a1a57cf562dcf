"""The settings of an environment: one module for each section. All sections are read and checked together."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .reading.loader import Findings as Findings
    from .reading.loader import examine as examine
    from .reading.loader import load as load
    from .sections import SECTIONS as SECTIONS
    from .sections import Settings as Settings

_MODULES = {
    "Findings": "reading.loader",
    "SECTIONS": "sections",
    "Settings": "sections",
    "examine": "reading.loader",
    "load": "reading.loader",
}


def __getattr__(name: str) -> object:
    # The models of all sections take half a second, which a command that only reads a stack file does not need.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
