"""The command line of `vllm serve`, checked against the options of the pinned version.

Options that the toolkit sets (ports, sizes, drain) have typed fields here. All other options are passed by name. An
unknown name is refused with the nearest known name, and a removed option with its successor.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from facts.json_text import DEEPEST
from facts.problem import Problem
from facts.secrets import is_secret_name
from facts.vllm import (
    DEFAULT_GPU_MEMORY_UTILIZATION,
    REASONING_PARSERS,
    REMOVED_OPTIONS,
    SERVE_OPTIONS,
    TOOL_PARSERS,
    VERSION,
)
from facts.vllm_values import HIDDEN_OPTIONS
from serving.catalogue.model import OptionValue
from serving.engine.adapters import LoraAdapter, adapter_arguments
from serving.engine.choices import EngineChoices
from serving.engine.environment import CACHE_PATH

from .given import dashed, one_form, same_option
from .option_values import value_problems

PORT = 8000

MASTER_PORT = 29501
"""Port on which the first of several nodes waits for the others. It is vLLM's default, stated explicitly."""

LEADER_ADDRESS = "$(LWS_LEADER_ADDRESS)"
WORKER_INDEX = "$(LWS_WORKER_INDEX)"
"""Variables that the LeaderWorkerSet controller sets in every container. The kubelet inserts their values."""

NO_PARSER = "none"
"""Word that turns off the catalogue's parser."""

QUIET_ENDPOINTS = "/health,/metrics,/ping"
"""Endpoints that are polled every few seconds, which would fill the access log."""

DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "--model": "model",
        "--revision": "revision",
        "--tokenizer-revision": "revision",
        "--code-revision": "revision",
        "--served-model-name": "servedName, or `name` in a stack file",
        "--host": "the pod's own address",
        "--port": f"always {PORT}",
        "--tensor-parallel-size": "gpus",
        "--pipeline-parallel-size": "nodes",
        "--nnodes": "nodes",
        "--node-rank": "nodes",
        "--master-addr": "nodes",
        "--master-port": "nodes",
        "--headless": "nodes",
        "--numa-bind": "numaBind",
        "--enable-lora": "adapters",
        "--lora-modules": "adapters",
        "--max-lora-rank": "adapters",
        "--max-loras": "adapters",
        "--max-model-len": "contextTokens",
        "--kv-cache-dtype": "kvCacheType",
        "--gpu-memory-utilization": "memoryUtilization",
        "--shutdown-timeout": "longestStreamSeconds",
        "--reasoning-parser": "reasoningParser",
        "--tool-call-parser": "toolParser",
        "--enable-auto-tool-choice": "toolParser",
        "--fail-on-environ-validation": "always on",
    }
)
"""Options that the toolkit sets, with the key that decides each. Their opposite forms count too."""

TLS_ELSEWHERE = "ends plain HTTP, which probes and the router use; the gateway has the certificate"

HARMFUL: Mapping[str, str] = MappingProxyType(
    {
        "--api-key": "would be readable by everyone in the pod's command line",
        "--hf-token": "would be readable by everyone in the pod's command line",
        "--max-num-queued-reqs": "answers 503, and then the router sends no more requests here",
        "--max-num-queued-tokens": "answers 503, and then the router sends no more requests here",
        "--grpc": "does not answer HTTP, which probes and the router use",
        "--grpc-port": "needs another front end, which the image does not contain",
        "--uds": "opens no port, and probes and the router need one",
        "--ssl-certfile": TLS_ELSEWHERE,
        "--ssl-keyfile": TLS_ELSEWHERE,
        "--config": "would hide options from this check",
        "--help": "prints and exits",
        "-h": "prints and exits",
    }
)
"""Options of vLLM that would do harm here, with the reason."""


@dataclass(frozen=True, kw_only=True)
class EngineArguments:
    """The typed arguments of one engine."""

    model: str
    """Repository on the hub, or a folder in the pod."""

    served_name: str
    """Name of the model in requests."""

    context_tokens: int
    """Longest request in tokens, prompt and answer together."""

    tensor_parallel: int = 1
    """GPUs of a node."""

    nodes: int = 1
    """Nodes, each with one pipeline stage."""

    numa_bind: bool = False
    """Whether each rank uses only the processors and the memory next to its GPU."""

    adapters: Sequence[LoraAdapter] = ()
    """Adapters to load at start, from folders below CACHE_PATH."""

    revision: str | None = None
    """Commit of the repository; None for a folder."""

    kv_type: str = "auto"
    """Type of the key-value cache."""

    memory_utilization: float = DEFAULT_GPU_MEMORY_UTILIZATION
    """Share of the GPU's memory; vLLM's default."""

    shutdown_timeout_seconds: int = 300
    """How long running requests may continue after SIGTERM. 0 aborts them."""

    reasoning_parser: str | None = None
    tool_parser: str | None = None
    """A parser turns automatic tool choice on."""

    options: Mapping[str, OptionValue] = field(default_factory=dict[str, OptionValue])
    """More options by name, without the leading dashes. The values true and false are switches."""


def command_line(arguments: EngineArguments) -> list[str]:
    """The arguments of `vllm serve`: the model, then `--name=value` in the order of names."""
    decided: dict[str, OptionValue] = {
        "--disable-access-log-for-endpoints": QUIET_ENDPOINTS,
        "--fail-on-environ-validation": True,
        "--gpu-memory-utilization": arguments.memory_utilization,
        "--host": "0.0.0.0",  # noqa: S104  only the pod knows its address
        "--kv-cache-dtype": arguments.kv_type,
        "--max-model-len": arguments.context_tokens,
        "--port": PORT,
        "--served-model-name": arguments.served_name,
        "--shutdown-timeout": arguments.shutdown_timeout_seconds,
        "--tensor-parallel-size": arguments.tensor_parallel,
    }
    decided |= _spread(arguments)
    if arguments.numa_bind:
        decided["--numa-bind"] = True
    if arguments.revision:
        decided["--revision"] = arguments.revision
    if arguments.reasoning_parser:
        decided["--reasoning-parser"] = arguments.reasoning_parser
    if arguments.tool_parser:
        decided |= {"--tool-call-parser": arguments.tool_parser, "--enable-auto-tool-choice": True}
    # Typed fields come last: users cannot override them even if they skip the check.
    chosen = one_form(arguments.options) | decided
    rest = adapter_arguments(arguments.adapters, CACHE_PATH)
    return [arguments.model, *(rendered(name, value) for name, value in sorted(chosen.items())), *rest]


def _spread(arguments: EngineArguments) -> dict[str, OptionValue]:
    if arguments.nodes == 1:
        return {}
    return {
        "--master-addr": LEADER_ADDRESS,
        "--master-port": MASTER_PORT,
        "--nnodes": arguments.nodes,
        "--node-rank": 0,
        "--pipeline-parallel-size": arguments.nodes,
    }


def worker_command_line(leader: Sequence[str]) -> list[str]:
    """The command line of the other nodes, from the first node's: without a server, and with their own rank."""
    rank = f"--node-rank={WORKER_INDEX}"
    return [*(rank if argument.startswith("--node-rank=") else argument for argument in leader), "--headless"]


def rendered(name: str, value: OptionValue) -> str:
    """One argument: `--name=value`, or a switch."""
    switch = _switch(value)
    if switch is None:
        return f"{name}={value}"
    return name if switch else switched_off(name) or f"--no-{name.lstrip('-')}"


def _switch(value: OptionValue) -> bool | None:
    """On or off. None for a value. Texts count too: a program in another language passes only strings."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value))


def is_switch(value: OptionValue) -> bool:
    """Whether a value is true or false, as a boolean or as text."""
    return _switch(value) is not None


def switched_off(name: str) -> str | None:
    """The option of the pinned version that turns this switch off, or None."""
    stem = name.removeprefix("--")
    forms = (f"--no-{stem}", f"--disable-{stem.removeprefix('enable-')}")
    return next((form for form in forms if form in SERVE_OPTIONS and form != name), None)


def decided_by(name: str) -> str | None:
    """The key that decides an option, or the option that it turns off. None if no key does."""
    stem = name.removeprefix("--no-").removeprefix("--")
    forms = (name, f"--{stem}", f"--enable-{stem.removeprefix('disable-')}")
    return next((DECIDED[form] for form in forms if form in DECIDED), None)


def option_problems(options: Mapping[str, OptionValue], path: str) -> Iterator[Problem]:
    """Problems of the options that are passed by name, each at `path`.<name as written>."""
    seen: dict[str, str] = {}
    for written, value in options.items():
        name, same = dashed(written), same_option(written)
        place = f"{path}.{written}"
        if name.count(".") > DEEPEST:
            place = f"{path}.{written[:40]}…"
            yield Problem(place, value, f"must have at most {DEEPEST} keys after dots")
            continue
        if same in seen:
            yield Problem(place, value, f"is the same option as {seen[same]}", "Keep one of them")
        seen[same] = written
        yield from _name_problems(name, value, place)
    yield from _split_problems(options, seen, path)


def _split_problems(
    options: Mapping[str, OptionValue], names: Mapping[str, str], path: str
) -> Iterator[Problem]:
    """JSON options that are given whole and also by keys after a dot."""
    for same, written in names.items():
        stem, dot, _ = same.partition(".")
        if dot and stem in names:
            allowed = (
                f"cannot be given beside {names[stem]}: vLLM ignores the whole object if keys follow a dot"
            )
            yield Problem(f"{path}.{written}", options[written], allowed, f"Move it into {names[stem]}")


def parser_problems(choices: EngineChoices, path: str) -> Iterator[Problem]:
    """Problems at `path`.reasoningParser and .toolParser. Both accept `none`."""
    for key, word, known in (
        ("reasoningParser", choices.reasoning_parser, REASONING_PARSERS),
        ("toolParser", choices.tool_parser, TOOL_PARSERS),
    ):
        if word is not None and word != NO_PARSER and word not in known:
            yield Problem.not_one_of(
                f"{path}.{key}",
                word,
                known,
                "is not a parser of vLLM",
            )


def chosen_parser(wanted: str | None, model: str | None) -> str | None:
    """The parser to use: the requested one, else the model's. None if `none` is requested."""
    return None if wanted == NO_PARSER else wanted or model


def _name_problems(name: str, value: OptionValue, place: str) -> Iterator[Problem]:
    stem = name.partition(".")[0]
    if stem in REMOVED_OPTIONS:
        yield Problem(
            place, value, f"{stem} was removed from vLLM {VERSION}", _capital(REMOVED_OPTIONS[stem])
        )
    elif stem in HARMFUL:
        hidden = "[hidden]" if is_secret_name(stem) else value
        yield Problem(place, hidden, f"{stem} {HARMFUL[stem]}", "Leave it out")
    elif decides := decided_by(stem):
        yield Problem(place, value, f"{stem} is set by another key: {decides}", "Leave it out here")
    elif stem not in SERVE_OPTIONS and stem not in HIDDEN_OPTIONS:
        known = [option.lstrip("-") for option in SERVE_OPTIONS]
        allowed = f"{stem} is not an option of vLLM {VERSION}"
        yield Problem.not_one_of(place, stem.lstrip("-"), known, allowed, shown=value)
    elif _switch(value) is False and not switched_off(name):
        yield Problem(place, value, f"{stem} has no option that turns it off", "Leave it out")
    else:
        yield from value_problems(name, value, place)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
