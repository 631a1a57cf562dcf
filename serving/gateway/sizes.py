"""Body limit, memory and time limits of the gateway, from the models behind it and from what tenants are promised."""

from collections.abc import Sequence
from typing import Protocol

from serving.engine.deadlines import HOP_MARGIN_SECONDS, router_deadlines

BYTES_A_TOKEN = 8
"""Longest token, as JSON in UTF-8. Common tokenizers have about four bytes a token; escaped text has more."""

DEFAULT_CONCURRENT = 64
"""Requests of a tenant to one model at the same time."""

DEFAULT_STREAMS = 100
"""Requests of one HTTP/2 connection at the same time without another value (Envoy Gateway 1.8.3,
internal/xds/translator/listener.go). A client waits with more, although its tenant may have them."""

ENVOY_MIB, PROCESSOR_MIB = 256, 128
"""Memory without requests. Assumed: nobody has measured them at load in this project."""

ENVOY_COPIES, PROCESSOR_COPIES = 2, 4
"""Copies of a body: Envoy buffers it and the processor's changed one; the processor reads, parses and rewrites it.
Assumed."""

_STEP_MIB = 64
_MIB = 1024 * 1024


class SizedModel(Protocol):
    """What decides the gateway's sizes."""

    @property
    def context_tokens(self) -> int: ...
    @property
    def answer_seconds(self) -> int: ...
    @property
    def stream_seconds(self) -> int: ...


def body_bytes(models: Sequence[SizedModel]) -> int:
    """The shortest body limit that lets the longest prompt of every model pass."""
    return BYTES_A_TOKEN * max((model.context_tokens for model in models), default=0)


def request_seconds(model: SizedModel) -> int:
    """The longest request of a model: above the router's limit, which is above the engine's longest answer."""
    return router_deadlines(model.answer_seconds, model.stream_seconds).request_seconds + HOP_MARGIN_SECONDS


def silent_seconds(models: Sequence[SizedModel]) -> int:
    """How long a request may be silent, and how long a stopping Envoy waits for it: above the router's drain."""
    stream = max((model.stream_seconds for model in models), default=0)
    return router_deadlines(stream, stream).drain_seconds + HOP_MARGIN_SECONDS


def pod_mib(concurrent: int, limit_bytes: int) -> int:
    """Memory of a pod of Envoy: its own, and the processor's beside it."""
    envoy = memory_mib(concurrent, limit_bytes, base=ENVOY_MIB, copies=ENVOY_COPIES)
    return envoy + memory_mib(concurrent, limit_bytes, base=PROCESSOR_MIB, copies=PROCESSOR_COPIES)


def memory_mib(concurrent: int, limit_bytes: int, *, base: int, copies: int) -> int:
    """Memory of a container that has a body of the largest size for every promised request, in steps of 64 MiB."""
    needed = base + copies * concurrent * limit_bytes // _MIB + 1
    return -(-needed // _STEP_MIB) * _STEP_MIB
