"""The user's choices for an engine. Settings, plan and component share this one object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .adapters import LoraAdapter


@dataclass(frozen=True, kw_only=True)
class EngineChoices:
    """The user's choices for an engine. The catalogue and the planner decide the fields that are left out."""

    revision: str | None = None
    """Commit of the model's repository, 40 hexadecimal digits. Default: the catalogue's, which may be a placeholder."""

    gpus: int | None = None
    """GPUs per engine (tensor parallel size): one of the model's sizes. Default: the fewest that have room for the
    context."""

    nodes: int | None = None
    """Nodes per engine. It uses each of them whole, as pipeline stages over RDMA. Default: 1. More than 1 needs the
    LeaderWorkerSet controller, virtual RDMA functions, and a namespace with the privileged pod security level."""

    context_tokens: int | None = None
    """Longest request in tokens, prompt and answer. Default and limit: the model's own."""

    kv_cache_type: str | None = None
    """Type of the key-value cache, e.g. `fp8` for twice the tokens. Default: `auto`, the activations' type."""

    memory_utilization: float | None = None
    """Share of the GPU's memory for the engine, more than 0 and less than 1. Default: the model's, else 0.92."""

    numa_bind: bool | None = None
    """Whether ranks use only the processors next to their GPUs. Default: no. It also needs the privileged level."""

    reasoning_parser: str | None = None
    """vLLM's parser of reasoning, or `none`. Default: the catalogue's."""

    tool_parser: str | None = None
    """vLLM's parser of tool calls, or `none`. Default: the catalogue's."""

    adapters: Sequence[LoraAdapter] | None = None
    """LoRA adapters to load at start, each downloaded at its commit. Default: none."""

    engine_options: Mapping[str, str] | None = None
    """More options of `vllm serve` by name without leading dashes, e.g. `quantization`. The values `true` and `false`
    are switches. Default: only the catalogue's options."""

    environment: Mapping[str, str] | None = None
    """More environment variables for the engine. No secrets. Default: only the catalogue's variables."""

    longest_stream_seconds: int | None = None
    """How long a running answer may continue after its engine was told to stop. Default: the time of the longest answer
    that the context allows, at 30 tokens per second, in whole minutes. A node waits one hour, so the default is at most
    the whole minutes that remain after the pre-stop and the 15 seconds in which the processes end: 3,480 with 75."""

    pre_stop_seconds: int | None = None
    """How long routers have to remove an engine before SIGTERM. Default and minimum: 75."""

    termination_grace_seconds: int | None = None
    """Seconds until an engine that was told to stop is killed. Default and minimum: pre-stop, longest stream and 15
    together."""
