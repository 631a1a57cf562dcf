"""What a model server comes to, worked out before any object is made: layout, budgets, command line, environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from facts.rccl import rccl_variables
from facts.shapes import Shape
from serving.catalogue import Model
from serving.engine.adapters import LoraAdapter
from serving.engine.arguments import EngineArguments, chosen_parser, command_line
from serving.engine.combinations import Case, case_of
from serving.engine.deadlines import Drain, longest_stream_seconds
from serving.engine.demands import Demands, engine_demands
from serving.engine.environment import HOME, EngineEnvironment, engine_environment
from serving.engine.memory import (
    GB,
    GIB,
    MemoryPlan,
    default_assumptions,
    kv_types,
    layouts,
    plan_memory,
)
from serving.engine.startup import StartupBudget, startup_budget

from .weights_mount import weights_folder

NODE_SHARE = 0.8
"""Of a node's processors and memory, what its engines may take together; the rest is the system's."""

THREADS_PER_CORE = 2
SCRATCH_GIB = 50
"""Disk for compiled graphs, kernels and logs beside the weights. Assumed."""


@dataclass(frozen=True, kw_only=True)
class ServerPlan:
    """The plain facts that the objects are made of."""

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
    """Where the engine finds staged weights; None if it fetches them."""

    offline: bool
    """Whether its pods need nothing of the internet."""

    @property
    def gpus(self) -> int:
        """GPUs of one pod."""
        return self.memory.layout.tensor_parallel

    @property
    def nodes(self) -> int:
        """Pods of one engine, each on a node of its own."""
        return self.memory.layout.nodes

    @property
    def rdma_functions(self) -> int:
        """Virtual functions of the RDMA cards that one pod takes: all of a node's, or none on a single node."""
        return len(self.shape.rdma_nics) if self.nodes > 1 else 0

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Linux capabilities beyond none: RDMA pins memory, NUMA binding moves it. Baseline security takes neither."""
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
        """Ranks exchange through it. 8 to 20 GiB in published samples; 18 to 32 here, by GPUs."""
        return min(32, 16 + 2 * self.gpus)

    @property
    def disk_gib(self) -> int:
        """Node disk that weights and caches take where no volume is given."""
        fetched = self.model.weights_gb if self.weights_folder is None else 0
        return int(fetched * GB / GIB) + SCRATCH_GIB

    @property
    def _share(self) -> float:
        return self.gpus / self.shape.gpus


@dataclass(frozen=True, kw_only=True)
class ServerChoices:
    """What a user may choose about a model server; None leaves it to the catalogue and the planner."""

    served_name: str
    revision: str | None = None
    gpus: int | None = None
    context_tokens: int | None = None
    kv_cache_type: str | None = None
    memory_utilization: float | None = None
    longest_stream_seconds: int | None = None
    pre_stop_seconds: int | None = None
    termination_grace_seconds: int | None = None
    engine_options: Mapping[str, str] | None = None
    environment: Mapping[str, str] | None = None
    run_as_user: int | None = None
    staged_gb: float | None = None
    """GB that its node stages; None where it fetches its weights itself."""
    nodes: int | None = None
    numa_bind: bool | None = None
    reasoning_parser: str | None = None
    tool_parser: str | None = None
    adapters: Sequence[LoraAdapter] = ()

    def demands(self, model: Model) -> Demands:
        """What they ask of the memory of the model's engine."""
        return engine_demands(model, self.engine_options, self.environment, self.adapters)

    def case(self, model: Model, shape: Shape) -> Case:
        """The engine as its options make it, in the layout that the planner gives it."""
        memory = self._plannable(model, shape).memory(model, shape)
        return case_of(
            model,
            memory.layout,
            self.engine_options or {},
            context=memory.context_tokens,
            kv_type=memory.kv_type,
            environment=self.environment or {},
            adapters=len(self.adapters),
            tools=chosen_parser(self.tool_parser, model.tool_parser) is not None,
            numa_bind=bool(self.numa_bind),
        )

    def _plannable(self, model: Model, shape: Shape) -> "ServerChoices":
        """Without what cannot be planned, which the memory plan's own problems tell."""
        several = self.nodes is not None and 1 < self.nodes <= model.layers
        return replace(
            self,
            gpus=self.gpus if self.gpus in layouts(model, shape) else None,
            nodes=self.nodes if several else None,
            context_tokens=self.context_tokens if self.context_tokens and self.context_tokens > 0 else None,
            kv_cache_type=self.kv_cache_type if self.kv_cache_type in kv_types(model) else None,
        )

    def memory(self, model: Model, shape: Shape) -> MemoryPlan:
        """The memory plan of these choices."""
        return plan_memory(
            model,
            shape,
            gpus=self.gpus,
            nodes=self.nodes,
            context_tokens=self.context_tokens,
            kv_type=self.kv_cache_type,
            assumptions=default_assumptions(model, self.memory_utilization),
            demands=self.demands(model),
        )

    def drain(self, model: Model | None) -> Drain:
        """How its engine stops; without a figure of the user's, as long as the longest answer of its context takes."""
        context = self.context_tokens or (model.max_context if model else 0)
        given = {"pre_stop_seconds": self.pre_stop_seconds}
        stream = self.longest_stream_seconds
        return Drain(
            longest_stream_seconds=longest_stream_seconds(context) if stream is None else stream,
            **{name: value for name, value in given.items() if value is not None},
        )


def plan_server(model: Model, shape: Shape, choices: ServerChoices) -> ServerPlan:
    """The plan of a server whose choices passed `model_server_problems`."""
    memory = choices.memory(model, shape)
    budget = startup_budget(model.weights_gb, staged_gb=choices.staged_gb)
    drain = choices.drain(model)
    return ServerPlan(
        model=model,
        shape=shape,
        served_name=choices.served_name,
        adapters=tuple(choices.adapters),
        numa_bind=bool(choices.numa_bind),
        memory=memory,
        budget=budget,
        drain=drain,
        grace_seconds=choices.termination_grace_seconds or drain.grace_seconds,
        arguments=command_line(_arguments(model, memory, drain, choices)),
        environment=_environment(model, shape, memory, budget, choices),
        weights_folder=_staged_folder(model, choices),
        offline=offline(model, choices),
    )


def offline(model: Model, choices: ServerChoices) -> bool:
    """Whether an engine fetches nothing: its weights are staged, and it has neither adapters nor a draft model."""
    speculation = choices.demands(model).speculation
    drafts = speculation is not None and speculation.repository is not None
    return choices.staged_gb is not None and not choices.adapters and not drafts


def _arguments(model: Model, memory: MemoryPlan, drain: Drain, choices: ServerChoices) -> EngineArguments:
    return EngineArguments(
        model=_staged_folder(model, choices) or model.repository,
        served_name=choices.served_name,
        context_tokens=memory.context_tokens,
        tensor_parallel=memory.layout.tensor_parallel,
        nodes=memory.layout.nodes,
        numa_bind=bool(choices.numa_bind),
        adapters=choices.adapters,
        revision=None if choices.staged_gb is not None else choices.revision or model.revision,
        kv_type=memory.kv_type,
        memory_utilization=memory.assumptions.utilization,
        shutdown_timeout_seconds=drain.longest_stream_seconds,
        reasoning_parser=chosen_parser(choices.reasoning_parser, model.reasoning_parser),
        tool_parser=chosen_parser(choices.tool_parser, model.tool_parser),
        options={**model.options, **_planned(memory), **(choices.engine_options or {})},
    )


def _planned(memory: MemoryPlan) -> dict[str, int]:
    return {"max-num-seqs": memory.sequences} if memory.sequences_planned else {}


def _staged_folder(model: Model, choices: ServerChoices) -> str | None:
    staged = choices.staged_gb is not None
    return weights_folder(model.name, choices.revision or model.revision) if staged else None


def _environment(
    model: Model, shape: Shape, memory: MemoryPlan, budget: StartupBudget, choices: ServerChoices
) -> dict[str, str]:
    # A user id without an entry in the image's passwd has neither home nor name, and PyTorch asks for both.
    home = {"HOME": HOME, "USER": "engine"} if choices.run_as_user else {}
    return engine_environment(
        EngineEnvironment(
            gpus=memory.layout.gpus,
            budget=budget,
            model=model.environment,
            staged=offline(model, choices),
            extra={**home, **(choices.environment or {})},
            network=(rccl_variables(shape) or {}) if memory.layout.nodes > 1 else {},
        )
    )
