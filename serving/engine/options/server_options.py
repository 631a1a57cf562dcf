"""Rules on the API server, on profilers and on where ranks run.

vLLM checks them in vllm/entrypoints/common/cli_args.py and entrypoints/cli/serve.py before it loads anything.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from facts.vllm import REASONING_PARSERS

from .combinations import Case, Rule, Wrong, first_wrong
from .given import is_true

EFFORTS = frozenset({"high", "low", "max", "medium", "minimal", "none", "xhigh"})
"""vllm/renderers/params.py"""

BUCKETS = frozenset(
    {
        "inter_token_latency",
        "iteration_tokens",
        "kv_cache_residency",
        "request_latency",
        "request_num_preemptions",
        "request_params_n",
        "request_tokens",
        "time_to_first_token",
    }
)
"""Families of histograms (vllm/v1/metrics/buckets.py)."""

PROTON_DEFAULTS = {"proton_context": "shadow", "proton_data": "tree", "proton_graph_attribution": False}
"""vllm/config/profiler.py, ProfilerConfig"""

_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_CPUS = re.compile(r"\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*", re.ASCII)


def items_of(value: object) -> list[object]:
    """The items of a JSON list. Empty for any other value."""
    return cast("list[object]", value) if isinstance(value, list) else []


def api_servers(case: Case) -> Iterator[Wrong]:
    """At least one server is needed. Adapters loaded at runtime reach only one server process."""
    if "api-server-count" not in case.given:
        return
    servers = case.given.number("api-server-count")
    if servers is None or servers < 1:
        yield Wrong(option="api-server-count", allowed="must be 1 or more: no server would answer requests")
    elif servers > 1 and case.environment.get("VLLM_ALLOW_RUNTIME_LORA_UPDATING", "0") not in (
        "0",
        "false",
    ):
        yield Wrong(
            option="api-server-count",
            allowed="must be 1 with VLLM_ALLOW_RUNTIME_LORA_UPDATING",
            fix="Leave it out",
        )


def words_of_answers(case: Case) -> Iterator[Wrong]:
    """Names of efforts and of the reasoning parser inside JSON options must be known."""
    efforts = case.given.json("reasoning-effort-map")
    unknown = sorted(set(efforts) - EFFORTS)
    if unknown:
        allowed = f"{unknown[0]} is not an effort: {', '.join(sorted(EFFORTS))}"
        yield Wrong(option="reasoning-effort-map", allowed=allowed)
    if any(not isinstance(each, str) for each in efforts.values()):
        yield Wrong(option="reasoning-effort-map", allowed="must map efforts to words")
    parser = case.given.json("structured-outputs-config").get("reasoning_parser")
    if parser and str(parser) not in REASONING_PARSERS:
        allowed = f"{parser} is not a reasoning parser of vLLM"
        yield Wrong(option="structured-outputs-config", allowed=allowed, fix="Use reasoningParser")


def histograms(case: Case) -> Iterator[Wrong]:
    """Buckets must belong to known families, and their bounds must increase."""
    for family, bounds in case.given.json("custom-histogram-buckets").items():
        numbers = [each for each in items_of(bounds) if isinstance(each, int | float)]
        numeric = [float(each) for each in numbers if not isinstance(each, bool)]
        good = (
            numeric
            and len(numeric) == len(items_of(bounds))
            and min(numeric) > 0
            and max(numeric) < float("inf")
        )
        yield from first_wrong(
            "custom-histogram-buckets",
            (family not in BUCKETS, f"{family} is not a family: {', '.join(sorted(BUCKETS))}"),
            (not good, f"{family} needs a list of numbers above 0"),
            (
                any(low >= high for low, high in pairwise(numeric)),
                f"{family} must increase from number to number",
            ),
        )


def profiles(case: Case) -> Iterator[Wrong]:
    """Options of a profiler need that profiler."""
    config = case.given.json("profiler-config")
    profiler, torch = config.get("profiler"), config.get("profiler") == "torch"
    activities = [str(each) for each in items_of(config.get("torch_profiler_activities"))]
    proton = sorted(
        key
        for key, value in config.items()
        if key.startswith("proton_") and value not in (None, "", PROTON_DEFAULTS.get(key))
    )
    prefix = config.get("profile_prefix")
    yield from first_wrong(
        "profiler-config",
        (profiler == "proton", "proton is for NVIDIA GPUs"),
        (torch and not config.get("torch_profiler_dir"), "torch needs torch_profiler_dir"),
        (config.get("torch_profiler_dir") and not torch, "torch_profiler_dir needs the profiler torch"),
        (
            config.get("torch_profiler_activities") is not None and not torch,
            "torch_profiler_activities needs the profiler torch",
        ),
        (len(activities) != len(set(activities)), "torch_profiler_activities names one twice"),
        (
            is_true(config.get("capture_torch_profiler")) and not torch,
            "capture_torch_profiler needs the profiler torch",
        ),
        (proton and profiler != "proton", f"{', '.join(proton)}: only for the profiler proton"),
        (
            prefix is not None and not _PREFIX.fullmatch(str(prefix)),
            "profile_prefix accepts 1 to 128 letters, digits, dots, dashes and underscores",
        ),
    )


def nearby_memory(case: Case) -> Iterator[Wrong]:
    """NUMA nodes and processors of the ranks need numaBind."""
    for option in ("numa-bind-nodes", "numa-bind-cpus"):
        if option in case.given and not case.numa_bind:
            yield Wrong(option=option, allowed="needs numaBind", fix="Set numaBind, or leave it out")
    node, cpus = case.given.text("numa-bind-nodes"), case.given.text("numa-bind-cpus")
    if node is not None and node.startswith("-"):
        yield Wrong(option="numa-bind-nodes", allowed="must be 0 or more")
    if cpus is not None and not _rising(cpus):
        yield Wrong(option="numa-bind-cpus", allowed="must list processors, e.g. 0-3 or 0,2,4-7")


def _rising(cpus: str) -> bool:
    if not _CPUS.fullmatch(cpus):
        return False
    spans = (part.partition("-") for part in cpus.split(","))
    return all(not last or int(first) <= int(last) for first, _, last in spans)


def loading(case: Case) -> Iterator[Wrong]:
    """The formats of weights and tokenizer must be known."""
    for option, words in (("load-format", LOAD_FORMATS), ("tokenizer-mode", TOKENIZER_MODES)):
        word = case.given.text(option)
        if word is not None and word not in words:
            yield Wrong(option=option, allowed=f"must be one of {', '.join(sorted(words))}")


LOAD_FORMATS = frozenset(
    [
        "auto",
        "hf",
        "dummy",
        "fastsafetensors",
        "instanttensor",
        "ipc_cache",
        "mistral",
        "modelexpress",
        "npcache",
        "pt",
        "runai_streamer",
        "runai_streamer_sharded",
        "safetensors",
        "sharded_state",
        "tensorizer",
    ]
)
"""vllm/model_executor/model_loader/__init__.py"""

TOKENIZER_MODES = frozenset(
    [
        "alpamayo2_super",
        "auto",
        "cohere",
        "deepseek_v32",
        "deepseek_v4",
        "deepseek_v41",
        "hf",
        "inkling",
        "kimi_audio",
        "kimi_k3",
        "mistral",
    ]
)
"""vllm/tokenizers/registry.py"""

SERVER_RULES: tuple[Rule, ...] = (api_servers, words_of_answers, histograms, profiles, nearby_memory, loading)
