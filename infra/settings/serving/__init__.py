"""The models served on the GPU pools."""

from dataclasses import fields
from typing import Any, Literal

from pydantic import Field

from infra.settings.base import Name, Secret, Section
from infra.settings.platform import Jobs, Platform, Priority, Team
from infra.settings.weights import Weights
from serving.engine.adapters import LoraAdapter
from serving.engine.choices import EngineChoices
from serving.routing.target import STABLE


class AdapterSettings(Section):
    """A LoRA adapter of a model. The engine loads it at start."""

    name: str
    """Name of the adapter in requests. Unique among the model's adapters, and different from the model's name."""

    base: str
    """Catalogue key of the model that it was trained for."""

    repository: str
    """Repository on the Hugging Face hub, `owner/name`."""

    revision: str
    """Commit of the repository."""

    rank: int | None = None
    """Rank of the adapter: 8, 16, 32, 64, 128, 256, 320 or 512. Default: 16."""


class ModelSettings(Section):
    """A model, and how it is served."""

    name: Name
    """Name of the deployment, and of the model in requests. Unique among the models."""

    model: str
    """Catalogue key of the model, e.g. `qwen3-32b`."""

    pool: Name
    """Name of the GPU pool that it runs on."""

    team: Name | None = None
    """Team in whose namespace it runs. It then counts against the quota of that team. Default: the models' own
    namespace."""

    replicas: int = 1
    """Number of engines that serve it."""

    gpus: int | None = None
    """GPUs per engine (tensor parallel): a power of two, within a node. Default: the catalogue's value."""

    nodes: int | None = None
    """Whole nodes that one engine spans, over RDMA. Default: 1. With more than one, the models' namespace becomes
    privileged, a team's namespace must be privileged, and `platform.leaderWorkerSet` is required."""

    context_tokens: int | None = None
    """Longest context in tokens. Default: the catalogue's value."""

    kv_cache_type: str | None = None
    """Data type of the key-value cache, e.g. `fp8`, which halves the memory per token. Default: `auto`, the model's
    type."""

    revision: str | None = None
    """Commit of the model's repository. Required if the catalogue has none."""

    image: str | None = None
    """Repository of its engine's image. Default: `serving.image`."""

    image_digest: str | None = None
    """Digest of its engine's image, `sha256:…`. Required with `image`. Default: `serving.imageDigest`."""

    memory_utilization: float | None = None
    """Share of a GPU's memory for the engine, more than 0, less than 1. Default: the catalogue's value, else 0.92."""

    longest_stream_seconds: int | None = None
    """Seconds that a running answer may continue when its engine must stop. Default: the time of the longest answer
    that the context allows at 30 tokens per second, in whole minutes. A node waits one hour, so the default is at most
    the whole minutes that remain after `preStopSeconds` and the 15 seconds in which the processes end. With 75 this is
    3,480."""

    pre_stop_seconds: int | None = None
    """Seconds for routers to remove an engine before it gets SIGTERM. Default and minimum: 75."""

    termination_grace_seconds: int | None = None
    """Seconds after which a stopping engine is killed. Default and minimum: the sum of `preStopSeconds`,
    `longestStreamSeconds` and 15."""

    spare_gpus: bool | None = None
    """Whether a rollout may start a new engine before it stops an old one. Default: true if the pool is sure to have
    free GPUs for it."""

    autoscaled: bool = False
    """Whether something else, e.g. KEDA, sets the number of replicas."""

    priority_class: str | None = None
    """Priority class of its pods: one of `priorities`, or a class of Kubernetes. Default: the cluster's default."""

    numa_bind: bool = False
    """Whether each rank is bound to the processors next to its GPU. It needs the same privileges as `nodes`."""

    reasoning_parser: str | None = None
    """vLLM's reasoning parser, or `none`. Default: the catalogue's value."""

    tool_parser: str | None = None
    """vLLM's parser for tool calls, or `none`. Default: the catalogue's value."""

    adapters: tuple[AdapterSettings, ...] = ()
    """LoRA adapters that the engine loads at start."""

    engine_options: dict[str, str] = Field(default_factory=dict[str, str])
    """More options of `vllm serve`, by name without dashes. `true` and `false` set a switch."""

    environment: dict[str, str] = Field(default_factory=dict[str, str])
    """Environment variables of the engine, in addition to those that the catalogue and MI300X need."""

    @property
    def served_name(self) -> str:
        """Name of the model in requests."""
        return self.name

    @property
    def track(self) -> str:
        """The release that its engines belong to: `stable`, or `candidate`."""
        return STABLE

    @property
    def engine(self) -> EngineChoices:
        """The choices for its engine: every key that `EngineChoices` has too."""
        own: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(EngineChoices)}
        own["adapters"] = tuple(LoraAdapter(**each.model_dump()) for each in self.adapters)
        return EngineChoices(**own)


class Serving(Section):
    """The serving stack of one environment."""

    namespace: Name = "serving"
    """Kubernetes namespace of the models without a team."""

    image: str = "docker.io/vllm/vllm-openai-rocm"
    """Repository of the engine's image."""

    image_digest: str | None = None
    """Digest of the engine's image, `sha256:…`. A tag can change, a digest cannot. Required with models."""

    catalogue: str | None = None
    """Folder with a file for each additional model, in the format of serving/catalogue, relative to Pulumi.yaml.
    Default: only this package's models."""

    hugging_face_token: Secret | None = None
    """Hugging Face token for gated models. It must be encrypted (`pulumi config set --secret --path`)."""

    hugging_face_token_in_vault: str | None = None
    """Name of the vault secret with the token, instead of `huggingFaceToken`. The token is then neither in the stack
    file nor in the state. Needs `platform.externalSecrets`."""

    models: tuple[ModelSettings, ...] = ()
    """Models to serve."""

    weights: Weights | None = None
    """Staging of weights on the nodes' disks. Default: every engine downloads its weights from the hub."""

    isolated: bool = False
    """Whether network policies isolate namespaces: only the gateway and Prometheus can reach the models' namespace, and
    nothing can reach the namespaces of the weights and of `serving.jobs.allReduce`."""

    policy_engine: Literal["calico", "other", "nobody"] | None = None
    """What enforces network policies. OKE itself does not, so a policy engine must be installed (docs/platform.md).
    Required with `isolated` or `teams`. `nobody`: a team's policies have no effect, and every run warns about it."""

    teams: tuple[Team, ...] = ()
    """Teams, each with its own namespace and share of the GPUs."""

    priorities: dict[str, Priority] = Field(default_factory=dict[str, Priority])
    """Priority classes by name."""

    platform: Platform = Field(default_factory=Platform)
    """The charts that run in the cluster."""

    jobs: Jobs = Field(default_factory=Jobs)
    """Jobs that test and measure the models."""

    @property
    def has_hub_token(self) -> bool:
        """Whether there is a token for gated models."""
        return self.hugging_face_token is not None or self.hugging_face_token_in_vault is not None
