"""The models served on the GPU pools."""

from dataclasses import fields
from typing import Any, Literal

from pydantic import Field

from infra.settings.base import Name, Secret, Section
from infra.settings.platform import Jobs, Platform, Priority, Team
from infra.settings.weights import Weights
from serving.engine.adapters import LoraAdapter
from serving.engine.choices import EngineChoices


class AdapterSettings(Section):
    """A LoRA adapter of a model, loaded at start."""

    name: str
    """What requests call it; unique among the model's adapters and not the model's own name."""

    base: str
    """Key in the catalogue of the model that it was trained on."""

    repository: str
    """Repository on the Hugging Face hub, `owner/name`."""

    revision: str
    """Commit of the repository."""

    rank: int | None = None
    """Its rank: 8, 16, 32, 64, 128, 256, 320 or 512. Default: 16."""


class ModelSettings(Section):
    """One model and how it is served."""

    name: Name
    """Name of the deployment and, in requests, of the model. Unique among the models."""

    model: str
    """Key of the model in the catalogue, e.g. `qwen3-32b`."""

    pool: Name
    """Name of the GPU pool that it runs on."""

    team: Name | None = None
    """Team in whose namespace it runs; it then counts against that team's quota. Default: the models' own
    namespace."""

    replicas: int = 1
    """Engines that serve it at once."""

    gpus: int | None = None
    """GPUs an engine (tensor parallel): a power of two within a node. Default: what the catalogue says."""

    nodes: int | None = None
    """Nodes that one engine spans, each whole, over RDMA. Default: 1. More makes the models' namespace privileged, asks
    a team's to be, and needs `platform.leaderWorkerSet`."""

    context_tokens: int | None = None
    """Longest context in tokens. Default: what the catalogue says."""

    kv_cache_type: str | None = None
    """Type of the key-value cache, e.g. `fp8`: half the memory a token. Default: `auto`, the model's own."""

    revision: str | None = None
    """Commit of the model's repository. Required where the catalogue does not know one."""

    memory_utilization: float | None = None
    """Share of a GPU's memory for the engine, more than 0 and less than 1. Default: the catalogue's, else 0.92."""

    longest_stream_seconds: int | None = None
    """How long a running answer may go on once its engine is to stop. Default: what the longest answer of the context
    takes at 30 tokens a second, and at most what the hour that a node waits leaves after `preStopSeconds`: 3,480 after
    75 seconds."""

    pre_stop_seconds: int | None = None
    """How long routers get to drop an engine before it gets SIGTERM. Default and least: 75."""

    termination_grace_seconds: int | None = None
    """When an engine that was told to stop is killed. Default and least: `preStopSeconds`, `longestStreamSeconds` and
    15 together."""

    spare_gpus: bool | None = None
    """Whether a rollout may start a new engine before it stops an old one. Default: where the pool is sure to have
    the GPUs for it."""

    autoscaled: bool = False
    """Whether something else, such as KEDA, owns the number of replicas."""

    priority_class: str | None = None
    """PriorityClass of its pods: one of `priorities`, or Kubernetes' own. Default: the cluster's."""

    numa_bind: bool = False
    """Whether ranks keep to the processors next to their GPUs. It needs privileges as `nodes` does."""

    reasoning_parser: str | None = None
    """vLLM's parser of reasoning, or `none`. Default: the catalogue's."""

    tool_parser: str | None = None
    """vLLM's parser of tool calls, or `none`. Default: the catalogue's."""

    adapters: tuple[AdapterSettings, ...] = ()
    """LoRA adapters loaded at start."""

    engine_options: dict[str, str] = Field(default_factory=dict[str, str])
    """Further options of `vllm serve` by name without dashes; `true` and `false` are switches."""

    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Environment variables of the engine, beside those that the catalogue and MI300X need."""

    @property
    def engine(self) -> EngineChoices:
        """What it chooses for its engine: every key that `EngineChoices` has too."""
        own: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(EngineChoices)}
        own["adapters"] = tuple(LoraAdapter(**each.model_dump()) for each in self.adapters)
        return EngineChoices(**own)


class Serving(Section):
    """The serving stack of one environment."""

    namespace: Name = "serving"
    """Kubernetes namespace of the models that are no team's."""

    image: str = "docker.io/vllm/vllm-openai-rocm"
    """Repository of the engine's image."""

    image_digest: str | None = None
    """Digest of the engine's image, `sha256:…`: a tag can move, a digest cannot. Required with models."""

    catalogue: str | None = None
    """Folder with a file for each further model, written as those of serving/catalogue, relative to Pulumi.yaml.
    Default: this package's models alone."""

    hugging_face_token: Secret | None = None
    """Token for gated models. It must stand encrypted (`pulumi config set --secret --path`)."""

    hugging_face_token_in_vault: str | None = None
    """Name of the vault's secret that is the token, in place of `huggingFaceToken`: neither the stack file nor the
    state then holds it. Needs `platform.externalSecrets`."""

    models: tuple[ModelSettings, ...] = ()
    """Models to serve."""

    weights: Weights | None = None
    """Staging of weights onto the nodes' disks. Default: every engine fetches its own from the hub."""

    isolated: bool = False
    """Whether network policies keep all but the gateway and Prometheus from the models' namespace, and everybody from
    that of the weights."""

    policy_engine: Literal["calico", "other", "nobody"] | None = None
    """Who enforces network policies: OKE itself does not, so an engine must be installed (docs/platform.md). Must be
    said with `isolated` or `teams`. `nobody`: a team's policies hold nothing, and every run warns of that."""

    teams: tuple[Team, ...] = ()
    """Teams with a namespace and a share of the GPUs of their own."""

    priorities: dict[str, Priority] = Field(default_factory=dict[str, Priority])
    """Priority classes by name."""

    platform: Platform = Field(default_factory=Platform)
    """The charts that run in the cluster."""

    jobs: Jobs = Field(default_factory=Jobs)
    """What tests and measures the models."""

    @property
    def has_hub_token(self) -> bool:
        """Whether gated models can be fetched."""
        return self.hugging_face_token is not None or self.hugging_face_token_in_vault is not None
