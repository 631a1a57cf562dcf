"""Static LoRA adapters: small weights on top of one base model, which a request selects by its model name.

The engine loads them at start. An adapter that is loaded at runtime would reach one replica only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.names import COMMIT
from facts.ocids import is_placeholder
from facts.problem import Problem
from serving.catalogue import Model

RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Values of --max-lora-rank that vLLM accepts, without 1."""

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class LoraAdapter:
    """One adapter."""

    name: str
    """Its name in requests: 1 to 63 letters, digits, dots, dashes and underscores."""

    base: str
    """Key in the catalogue of the model that it was trained on."""

    repository: str
    """Repository on the Hugging Face hub, `owner/name`."""

    revision: str
    """Commit of the repository, 40 hexadecimal digits."""

    rank: int | None = None
    """Its rank, which decides the size of the engine's buffers: 8, 16, 32, 64, 128, 256, 320 or 512. Default: 16."""


DEFAULT_RANK = 16


def rank_of(adapter: LoraAdapter) -> int:
    """The adapter's rank, or the default."""
    return DEFAULT_RANK if adapter.rank is None else adapter.rank


def adapter_folder(cache: str, adapter: LoraAdapter) -> str:
    """The folder of the adapter's files, one for each revision."""
    return f"{cache}/adapters/{adapter.name}/{adapter.revision[:12]}"


def adapter_arguments(adapters: Sequence[LoraAdapter], cache: str) -> list[str]:
    """The options of `vllm serve` for adapters. Empty if there are none."""
    if not adapters:
        return []
    modules = [f"{adapter.name}={adapter_folder(cache, adapter)}" for adapter in adapters]
    rank = max(rank_of(adapter) for adapter in adapters)
    return [
        "--enable-lora",
        f"--max-lora-rank={rank}",
        f"--max-loras={len(adapters)}",
        "--lora-modules",
        *modules,
    ]


def adapter_problems(
    adapters: Sequence[LoraAdapter], model: Model, served_name: str, path: str
) -> Iterator[Problem]:
    """Problems at `path`[index].<key>."""
    seen = {served_name}
    for index, adapter in enumerate(adapters):
        place = f"{path}[{index}]"
        if not _NAME.fullmatch(adapter.name):
            allowed = "must be 1 to 63 letters, digits, dots, dashes and underscores"
            yield Problem(f"{place}.name", adapter.name, allowed)
        elif adapter.name in seen:
            yield Problem(f"{place}.name", adapter.name, "must be unique among the adapters and their model")
        seen.add(adapter.name)
        if adapter.base != model.name:
            allowed = f"belongs to another base model: this server's model is {model.name}"
            yield Problem(f"{place}.base", adapter.base, allowed, "Serve it with its own base model")
        if not _REPOSITORY.fullmatch(adapter.repository):
            yield Problem(f"{place}.repository", adapter.repository, "must be owner/name")
        if not (COMMIT.fullmatch(adapter.revision) or is_placeholder(adapter.revision)):
            allowed = "must be a commit of 40 hexadecimal digits: branches and tags move"
            yield Problem(f"{place}.revision", adapter.revision, allowed)
        if rank_of(adapter) not in RANKS:
            words = ", ".join(str(rank) for rank in RANKS)
            yield Problem(f"{place}.rank", adapter.rank, f"must be one of {words}")
