"""The routers to choose from. A module for each turns one `RouterPlan` into its own command line."""

from collections.abc import Mapping
from types import MappingProxyType

from .router_program import RouterProgram
from .smg import SMG_ROUTER
from .vllm_router import VLLM_ROUTER

PROGRAMS: Mapping[str, RouterProgram] = MappingProxyType(
    {each.name: each for each in (SMG_ROUTER, VLLM_ROUTER)}
)
"""Routers by their name in the settings. The first is the default."""

DEFAULT = SMG_ROUTER.name


def find_program(name: str | None) -> RouterProgram | None:
    """The router of this name, or the default. None if the name is unknown."""
    return PROGRAMS.get(DEFAULT if name is None else name)
