"""What a user chooses for an engine: one object from the settings to the plan and the component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .adapters import LoraAdapter


@dataclass(frozen=True, kw_only=True)
class EngineChoices:
    """What a user chooses for an engine. The catalogue and the planner decide what is left out."""

    revision: str | None = None
    """Commit of the model's repository, 40 hexadecimal digits. Default: the catalogue's, which may be a placeholder."""

    gpus: int | None = None
    """GPUs an engine (tensor parallel size): one of the model's sizes. Default: the fewest that hold the context."""

    nodes: int | None = None
    """Nodes that one engine spans, each whole: pipeline stages over RDMA. Default: 1. More needs the LeaderWorkerSet
    controller, virtual RDMA functions, and a namespace of the privileged pod security level."""

    context_tokens: int | None = None
    """Longest request in tokens, prompt and answer. Default and limit: the model's own."""

    kv_cache_type: str | None = None
    """Type of the key-value cache, e.g. `fp8` for twice the tokens. Default: `auto`, the activations' type."""

    memory_utilization: float | None = None
    """Share of the GPU's memory for the engine, more than 0 and less than 1. Default: the model's, else 0.92."""

    numa_bind: bool | None = None
    """Whether ranks keep to the processors next to their GPUs. Default: no. Needs the privileged level too."""

    reasoning_parser: str | None = None
    """vLLM's parser of reasoning, or `none`. Default: the catalogue's."""

    tool_parser: str | None = None
    """vLLM's parser of tool calls, or `none`. Default: the catalogue's."""

    adapters: Sequence[LoraAdapter] | None = None
    """LoRA adapters loaded at start, each fetched at its commit. Default: none."""

    engine_options: Mapping[str, str] | None = None
    """Further options of `vllm serve` by name without dashes, e.g. `quantization`; `true` and `false` are switches.
    Default: the catalogue's alone."""

    environment: Mapping[str, str] | None = None
    """Further environment variables of the engine. No secrets. Default: the catalogue's alone."""

    longest_stream_seconds: int | None = None
    """How long a running answer may go on once its engine is to stop. Default: what the longest answer of the context
    takes at 30 tokens a second, and at most what the hour that a node waits leaves after the pre-stop: 3,480 after 75
    seconds."""

    pre_stop_seconds: int | None = None
    """How long routers get to drop an engine before SIGTERM. Default and least: 75."""

    termination_grace_seconds: int | None = None
    """When an engine that was told to stop is killed. Default and least: pre-stop, longest stream and 15 together."""
