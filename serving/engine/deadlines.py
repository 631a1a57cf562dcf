"""All deadlines between an engine and its callers, in one order. All times are in seconds.

A request that is running when its engine is told to stop has the time of the longest answer. Everything else that could
end it must wait longer: the grace periods of pod and node, the gateway's drain, and every idle timeout on the way,
because an answer without streaming is silent until its last token. A start has its own order: the engine's readiness,
the probe, the rollout, the deployment tool (`startup`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from facts.kubernetes import MAX_EVICTION_MINUTES
from facts.problem import Problem
from serving.catalogue.model import Model

from .choices import EngineChoices

TOKENS_PER_SECOND = 30
"""Speed of one answer on a busy engine. Assumed, and slow on purpose: a faster answer simply ends earlier."""

NODE_WAIT_SECONDS = 60 * MAX_EVICTION_MINUTES
"""The longest time that OKE lets a node wait for its pods."""

DEFAULT_PRE_STOP_SECONDS = 75
"""A router may miss changes for 60 s after its watch breaks. It must have removed the engine before SIGTERM, because
requests that arrive while the engine drains are aborted."""

DRAIN_MARGIN_SECONDS = 15
"""Time for the processes to end after the last answer."""


def whole_answer_seconds(context_tokens: int) -> int:
    """How long the longest answer of a context takes, in whole minutes."""
    # Whole numbers, because a context that is refused elsewhere can be too large for a float.
    return max(0, -(-context_tokens // (TOKENS_PER_SECOND * 60)) * 60)


def longest_stream_seconds(context_tokens: int, pre_stop_seconds: int = DEFAULT_PRE_STOP_SECONDS) -> int:
    """The default of `longestStreamSeconds`: the longest answer of a context, at most the time that a node waits.

    0 if the time before SIGTERM already uses all of that wait.
    """
    most = max(0, NODE_WAIT_SECONDS - pre_stop_seconds - DRAIN_MARGIN_SECONDS)
    return min(whole_answer_seconds(context_tokens), most - most % 60)


@dataclass(frozen=True, kw_only=True)
class Drain:
    """How an engine stops: routers remove it, it finishes its requests, and it ends."""

    pre_stop_seconds: int = DEFAULT_PRE_STOP_SECONDS
    """Time between the removal from the routers and SIGTERM."""

    longest_stream_seconds: int
    """--shutdown-timeout: requests that still run after it are aborted."""

    whole_answer_seconds: int = 0
    """The time of the longest answer, if the engine has less by default. 0 if it has enough, or if the user chose."""

    @property
    def grace_seconds(self) -> int:
        """The shortest terminationGracePeriodSeconds that cuts no answer short."""
        return self.pre_stop_seconds + self.longest_stream_seconds + DRAIN_MARGIN_SECONDS


def engine_drain(choices: EngineChoices, model: Model | None) -> Drain:
    """How an engine stops. By default, it has the time of the longest answer that its context allows."""
    context = choices.context_tokens or (model.max_context if model else 0)
    stream, chosen = choices.longest_stream_seconds, choices.pre_stop_seconds
    pre_stop = DEFAULT_PRE_STOP_SECONDS if chosen is None else chosen
    if stream is not None:
        return Drain(longest_stream_seconds=stream, pre_stop_seconds=pre_stop)
    stream, whole = longest_stream_seconds(context, pre_stop), whole_answer_seconds(context)
    return Drain(
        longest_stream_seconds=stream,
        pre_stop_seconds=pre_stop,
        whole_answer_seconds=whole if whole > stream else 0,
    )


ROUTER_PRE_STOP_SECONDS = 15
"""Time for the gateway to stop sending requests to a router that ends."""

HOP_MARGIN_SECONDS = 15
"""By how much each hop waits longer than the hop behind it, so that the hop behind it reports what happened."""


@dataclass(frozen=True, kw_only=True)
class RouterDeadlines:
    """The time limits of a router. Each is above the engine's, and below the gateway's."""

    request_seconds: int
    """The longest request."""

    drain_seconds: int
    """Time for running requests after SIGTERM."""

    @property
    def grace_seconds(self) -> int:
        """terminationGracePeriodSeconds."""
        return ROUTER_PRE_STOP_SECONDS + self.drain_seconds + HOP_MARGIN_SECONDS


def router_deadlines(answer_seconds: int, stream_seconds: int) -> RouterDeadlines:
    """The router's limits, from the longest answer and from what an engine lets run when it stops."""
    return RouterDeadlines(
        request_seconds=max(answer_seconds, stream_seconds) + HOP_MARGIN_SECONDS,
        drain_seconds=stream_seconds + HOP_MARGIN_SECONDS,
    )


def longest_answer_seconds(choices: EngineChoices, model: Model | None) -> int:
    """How long the longest answer of an engine takes, even if the engine does not wait for it when it stops."""
    context = choices.context_tokens or (model.max_context if model else 0)
    return max(whole_answer_seconds(context), engine_drain(choices, model).longest_stream_seconds)


def cut_answer(drain: Drain) -> str:
    """What happens to the longest answers when an engine stops. Empty if it finishes them, or if the user chose."""
    if not drain.whole_answer_seconds:
        return ""
    return (
        f"cuts the longest answers when an engine stops: an answer of the whole context takes "
        f"{drain.whole_answer_seconds:,} s at {TOKENS_PER_SECOND} tokens per second (assumed), and its node waits "
        f"{NODE_WAIT_SECONDS:,} s in all"
    )


def drain_problems(drain: Drain, grace_seconds: int | None, path: str) -> Iterator[Problem]:
    """Problems at `path`.preStopSeconds, .longestStreamSeconds, .terminationGraceSeconds."""
    if drain.pre_stop_seconds < DEFAULT_PRE_STOP_SECONDS:
        yield Problem(
            f"{path}.preStopSeconds",
            drain.pre_stop_seconds,
            f"must be {DEFAULT_PRE_STOP_SECONDS} or more: routers may send requests for 60 s after they should stop",
        )
    if drain.whole_answer_seconds and not drain.longest_stream_seconds:
        most = NODE_WAIT_SECONDS - DRAIN_MARGIN_SECONDS - 60
        allowed = f"leaves no time for running answers: a node waits {NODE_WAIT_SECONDS:,} s in all"
        fix = f"Set it to {most} or less, or longestStreamSeconds to 0 to abort them"
        yield Problem(f"{path}.preStopSeconds", drain.pre_stop_seconds, allowed, fix)
    if drain.longest_stream_seconds < 0:
        yield Problem(f"{path}.longestStreamSeconds", drain.longest_stream_seconds, "must be 0 or more")
    if grace_seconds is not None and grace_seconds < drain.grace_seconds:
        yield Problem(
            f"{path}.terminationGraceSeconds",
            grace_seconds,
            f"is too short: {drain.pre_stop_seconds} s before SIGTERM, {drain.longest_stream_seconds} s for the "
            f"longest stream and {DRAIN_MARGIN_SECONDS} s margin",
            f"Set it to {drain.grace_seconds} or more, or leave it out",
        )


def node_problems(
    drain: Drain, grace_seconds: int | None, node_seconds: int, pool: str, path: str
) -> Iterator[Problem]:
    """An engine must not drain longer than its node waits, because it ends with the node."""
    grace = grace_seconds or drain.grace_seconds
    if grace <= node_seconds:
        return
    key, value = "longestStreamSeconds", drain.longest_stream_seconds
    if grace_seconds:
        key, value = "terminationGraceSeconds", grace_seconds
    elif drain.pre_stop_seconds + DRAIN_MARGIN_SECONDS > node_seconds:
        # No stream would be short enough.
        key, value = "preStopSeconds", drain.pre_stop_seconds
    minutes = node_seconds // 60
    allowed = (
        f"an engine may take {grace} s to drain, but a node of pool {pool} is removed after {minutes} min"
    )
    least = -(-grace // 60)
    wait = f", or evictionMinutes of the pool to {least} or more" if grace <= NODE_WAIT_SECONDS else ""
    yield Problem(f"{path}.{key}", value, allowed, f"Set it lower{wait}")


def idle_problems(idle_seconds: int, longest: int, model: str, path: str) -> Iterator[Problem]:
    """A balancer or gateway must not close the connection of an answer that its engine still works on."""
    if idle_seconds < longest:
        allowed = (
            f"must be {longest} or more: an answer of {model} without streaming may be silent for that long"
        )
        yield Problem(path, idle_seconds, allowed, "Leave it out, or lower longestStreamSeconds of the model")
