"""The plan of a model server, before any object is created: layout, budgets, command line, environment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from facts.rccl import rccl_variables
from facts.shapes import Shape
from serving.catalogue import Model
from serving.engine.adapters import LoraAdapter
from serving.engine.deadlines import Drain, engine_drain
from serving.engine.environment import HOME, EngineEnvironment, engine_environment
from serving.engine.memory.plan import GB, GIB, MemoryPlan, plan_memory
from serving.engine.options.arguments import EngineArguments, chosen_parser, command_line
from serving.engine.options.demands import given_options
from serving.engine.options.given import overridden
from serving.engine.request import PlanRequest
from serving.engine.startup import StartupBudget, startup_budget
from serving.weights.weights_mount import weights_folder

NODE_SHARE = 0.8
"""Share of a node's processors and memory for all its engines together. The rest is for the system."""

_OF_REPOSITORIES = ("tokenizer", "hf-config-path")
"""Options that accept a repository on the hub or a folder (vllm/engine/arg_utils.py)."""

THREADS_PER_CORE = 2
SCRATCH_GIB = 50
"""Disk for compiled graphs, kernels and logs, in addition to the weights. Assumed."""


@dataclass(frozen=True, kw_only=True)
class ServerPlan:
    """The plain values from which the objects are made."""

    model: Model
    shape: Shape
    served_name: str
    adapters: tuple[LoraAdapter, ...]
    numa_bind: bool
    memory: MemoryPlan
    budget: StartupBudget
    drain: Drain
    grace_seconds: int
    arguments: list[str]
    environment: Mapping[str, str]
    weights_folder: str | None
    """Folder of staged weights. None if the engine downloads its weights."""

    offline: bool
    """Whether its pods need no internet access."""

    @property
    def gpus(self) -> int:
        """GPUs of one pod."""
        return self.memory.layout.tensor_parallel

    @property
    def nodes(self) -> int:
        """Pods of one engine, each on its own node."""
        return self.memory.layout.nodes

    @property
    def rdma_functions(self) -> int:
        """Virtual functions of the RDMA cards per pod: all of the node's, or 0 if the engine has a single node."""
        return len(self.shape.rdma_nics) if self.nodes > 1 else 0

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Linux capabilities to add: RDMA pins memory, NUMA binding moves it. The baseline security level allows
        neither."""
        pinned = ("IPC_LOCK",) if self.rdma_functions else ()
        return (*pinned, "SYS_NICE") if self.numa_bind else pinned

    @property
    def cpus(self) -> int:
        """Hardware threads to reserve: the engine's share of its node."""
        return int((self.shape.cores or 0) * THREADS_PER_CORE * NODE_SHARE * self._share)

    @property
    def memory_gib(self) -> int:
        """Memory of the node to reserve, shared memory included."""
        return int((self.shape.memory_gib or 0) * NODE_SHARE * self._share)

    @property
    def shared_memory_gib(self) -> int:
        """Shared memory, through which ranks exchange data. 8 to 20 GiB in published samples, 18 to 32 here, by
        GPUs."""
        return min(32, 16 + 2 * self.gpus)

    @property
    def disk_gib(self) -> int:
        """Space on the node's disk for weights and caches if there is no volume for them."""
        fetched = self.model.weights_gb if self.weights_folder is None else 0
        return int(fetched * GB / GIB) + SCRATCH_GIB

    @property
    def _share(self) -> float:
        return self.gpus / self.shape.gpus


@dataclass(frozen=True, kw_only=True)
class ServerRequest:
    """One model server to plan."""

    engine: PlanRequest
    served_name: str
    """Name of the model in requests."""

    staged_gb: float | None = None
    """GB that its node stages. None if the engine downloads its weights."""

    node_minutes: int = 0
    """Minutes that a pod may wait for a new node."""

    run_as_user: int | None = None
    """User id of the engine. Default: the image's."""

    @property
    def revision(self) -> str:
        """Commit of the model's repository."""
        return self.engine.choices.revision or self.engine.model.revision

    @property
    def weights_folder(self) -> str | None:
        """Folder of staged weights. None if the engine downloads its weights."""
        return None if self.staged_gb is None else weights_folder(self.engine.model.name, self.revision)

    @property
    def offline(self) -> bool:
        """Whether an engine downloads nothing: its weights are staged, and it has no adapters, no draft model, and no
        tokenizer or configuration of another repository."""
        speculation = self.engine.demands.speculation
        drafts = speculation is not None and speculation.repository is not None
        given = given_options(self.engine.model, self.engine.choices)
        others = any(not (given.text(name) or "/").startswith("/") for name in _OF_REPOSITORIES)
        return self.staged_gb is not None and not (self.engine.choices.adapters or drafts or others)


def plan_server(server: ServerRequest) -> ServerPlan:
    """The plan of a server whose choices passed `model_server_problems`."""
    request = server.engine
    model, choices = request.model, request.choices
    memory = plan_memory(request)
    budget = replace(
        startup_budget(model.weights_gb, staged_gb=server.staged_gb), node_seconds=server.node_minutes * 60
    )
    drain = engine_drain(choices, model)
    return ServerPlan(
        model=model,
        shape=request.shape,
        served_name=server.served_name,
        adapters=tuple(choices.adapters or ()),
        numa_bind=bool(choices.numa_bind),
        memory=memory,
        budget=budget,
        drain=drain,
        grace_seconds=choices.termination_grace_seconds or drain.grace_seconds,
        arguments=command_line(_arguments(server, memory, drain)),
        environment=_environment(server, memory, budget),
        weights_folder=server.weights_folder,
        offline=server.offline,
    )


def _arguments(server: ServerRequest, memory: MemoryPlan, drain: Drain) -> EngineArguments:
    model, choices = server.engine.model, server.engine.choices
    return EngineArguments(
        model=server.weights_folder or model.repository,
        served_name=server.served_name,
        context_tokens=memory.context_tokens,
        tensor_parallel=memory.layout.tensor_parallel,
        nodes=memory.layout.nodes,
        numa_bind=bool(choices.numa_bind),
        adapters=choices.adapters or (),
        revision=server.revision if server.staged_gb is None else None,
        kv_type=memory.kv_type,
        memory_utilization=memory.assumptions.utilization,
        shutdown_timeout_seconds=drain.longest_stream_seconds,
        reasoning_parser=chosen_parser(choices.reasoning_parser, model.reasoning_parser),
        tool_parser=chosen_parser(choices.tool_parser, model.tool_parser),
        options=overridden({**model.options, **_planned(memory)}, choices.engine_options or {}),
    )


def _planned(memory: MemoryPlan) -> dict[str, int]:
    return {"max-num-seqs": memory.sequences} if memory.sequences_planned else {}


def _environment(server: ServerRequest, memory: MemoryPlan, budget: StartupBudget) -> dict[str, str]:
    model, shape = server.engine.model, server.engine.shape
    # A user id without an entry in the image's passwd has no home and no name, and PyTorch needs both.
    home = {"HOME": HOME, "USER": "engine"} if server.run_as_user else {}
    return engine_environment(
        EngineEnvironment(
            gpus=memory.layout.gpus,
            budget=budget,
            model=model.environment,
            staged=server.offline,
            extra={**home, **(server.engine.choices.environment or {})},
            network=(rccl_variables(shape) or {}) if memory.layout.nodes > 1 else {},
        )
    )
