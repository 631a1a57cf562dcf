"""A small engine that behaves as vLLM 0.33 does where traffic depends on it. It is a program of its own:

    python -m tests.traffic.parts.engine --port 8000 --model qwen

- The port opens only after the load. `/health` then answers 200, also while the engine drains.
- After SIGTERM, running requests go on for `--shutdown-timeout` seconds. A request that arrives then is aborted
  (vllm/v1/engine/core.py): its answer has no text, and `finish_reason` is `abort`.
- A prefix cache of `--blocks` blocks. A token of the prompt that is not in it costs `--prefill-us`.
- The metrics have vLLM's names. A test compares them with the list of the wheel.
- Every other path answers as the paths of vLLM do that nobody may reach: 200, and the path is counted.

`GET /seen` tells a test which paths were called, and by which model and headers. vLLM has no such path.
"""

import argparse
import asyncio
import json
import math
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.traffic.parts.histogram import Histogram
from tests.traffic.parts.prefix_cache import BLOCK, PrefixCache

QUIET = ("/health", "/metrics", "/seen")


@dataclass(kw_only=True)
class Choices:
    """How an engine behaves."""

    model: str = "qwen"
    host: str = "127.0.0.1"
    port: int = 8000
    load_seconds: float = 0
    first_ms: float = 1
    """Time to the first token of an empty prompt."""

    token_ms: float = 1
    prefill_us: float = 0
    blocks: int = 1000
    shutdown_timeout: float = 30
    context: int = 32_768
    enable_force_include_usage: float = 0
    """Whether every stream ends with its tokens, also if the client does not ask (the engine's own option)."""

    broken: float = 0
    """Whether every request for text ends with an error, while the health check is well."""


@dataclass
class Engine:
    """The state of an engine."""

    choices: Choices
    cache: PrefixCache
    draining: bool = False
    running: int = 0
    held: int = 0
    """Blocks of the cache that running requests use. Known prefixes that no request uses count as free there
    (vllm/v1/core/block_pool.py, get_usage)."""
    requests: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("stop", "abort"), 0))
    prompt_tokens: int = 0
    generated: int = 0
    queried: int = 0
    hit: int = 0
    first: Histogram = field(default_factory=lambda: Histogram("vllm:time_to_first_token_seconds"))
    between: Histogram = field(default_factory=lambda: Histogram("vllm:inter_token_latency_seconds"))
    seen: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    since: float = field(default_factory=time.monotonic)


def tokens_of(body: dict[str, Any]) -> list[int]:
    """The tokens of a prompt: four letters each."""
    prompt = body.get("prompt")
    if isinstance(prompt, list):
        return [int(each) for each in prompt]
    if prompt is None:
        prompt = "".join(f"<{each['role']}>{each['content']}" for each in body.get("messages", ()))
    return [int.from_bytes(prompt[place : place + 4].encode()[:7]) for place in range(0, len(prompt), 4)]


async def answer(engine: Engine, body: dict[str, Any], chat: bool) -> Response:
    """The answer to a request for text."""
    if body.get("model") not in (None, engine.choices.model):
        said = {
            "message": f"The model `{body['model']}` does not exist.",
            "type": "NotFoundError",
            "code": 404,
        }
        return JSONResponse({"error": said}, 404)
    tokens = tokens_of(body)
    wanted = int(body.get("max_tokens") or body.get("max_completion_tokens") or 16)
    if len(tokens) + wanted > engine.choices.context:
        said = {"message": "longer than the context", "type": "BadRequestError", "code": 400}
        return JSONResponse({"error": said}, 400)
    if engine.choices.broken:
        return JSONResponse(
            {"error": {"message": "HIP error", "type": "InternalServerError", "code": 500}}, 500
        )
    late = engine.draining
    if body.get("stream"):
        asked = (body.get("stream_options") or {}).get("include_usage")
        usage = bool(asked or engine.choices.enable_force_include_usage)
        stream = _stream(engine, tokens, wanted, chat=chat, late=late, usage=usage)
        return StreamingResponse(stream, media_type="text/event-stream")
    words = [word async for word in answered(engine, tokens, wanted, late)]
    reason = "abort" if late else "stop"
    said = {"message": {"role": "assistant", "content": "".join(words)}} if chat else {"text": "".join(words)}
    kind = "chat.completion" if chat else "text_completion"
    return JSONResponse(
        {"id": "1", "object": kind, "created": 1, "model": engine.choices.model,
         "choices": [{"index": 0, "finish_reason": reason, **said}],
         "usage": _usage(len(tokens), len(words))}
    )  # fmt: skip


def _usage(prompt: int, answer: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


async def answered(engine: Engine, tokens: list[int], wanted: int, late: bool = False) -> AsyncIterator[str]:
    """The words of an answer. A late request gets none."""
    choices, done = engine.choices, False
    blocks = math.ceil(len(tokens) / BLOCK)
    engine.running, engine.held = engine.running + 1, engine.held + blocks
    try:
        if late:
            return
        known = engine.cache.use(tokens)
        engine.queried, engine.hit = engine.queried + len(tokens), engine.hit + known
        engine.prompt_tokens += len(tokens)
        last = time.monotonic()
        await asyncio.sleep(choices.first_ms / 1e3 + choices.prefill_us * (len(tokens) - known) / 1e6)
        for place in range(wanted):
            if place:
                await asyncio.sleep(choices.token_ms / 1e3)
            now = time.monotonic()
            (engine.between if place else engine.first).observe(now - last)
            last = now
            engine.generated += 1
            yield f"w{place} "
        done = True
    finally:
        engine.running, engine.held = engine.running - 1, engine.held - blocks
        engine.requests["stop" if done else "abort"] += 1


async def _stream(
    engine: Engine, tokens: list[int], wanted: int, *, chat: bool, late: bool, usage: bool
) -> AsyncIterator[str]:
    def chunk(choices: list[dict[str, Any]], **more: Any) -> str:
        kind = "chat.completion.chunk" if chat else "text_completion"
        whole = {"id": "1", "object": kind, "created": 1, "model": engine.choices.model, "choices": choices}
        return f"data: {json.dumps({**whole, **more})}\n\n"

    def choice(reason: str | None, text: str) -> list[dict[str, Any]]:
        said = {"delta": {"content": text}} if chat else {"text": text}
        return [{"index": 0, "finish_reason": reason, **said}]

    count = 0
    async for word in answered(engine, tokens, wanted, late):
        count += 1
        yield chunk(choice(None, word))
    yield chunk(choice("abort" if late else "stop", ""))
    if usage:
        yield chunk([], usage=_usage(len(tokens), count))
    yield "data: [DONE]\n\n"


def metrics(engine: Engine) -> str:
    """The metrics, in Prometheus' form."""
    cache = min(engine.held / engine.cache.blocks, 1) if engine.cache.blocks else 0
    gauges = {"num_requests_running": engine.running, "num_requests_waiting": 0, "kv_cache_usage_perc": cache}
    counters = {
        "prompt_tokens_total": engine.prompt_tokens,
        "generation_tokens_total": engine.generated,
        "prefix_cache_queries_total": engine.queried,
        "prefix_cache_hits_total": engine.hit,
    }
    label = f'engine="0",model_name="{engine.choices.model}"'
    lines: list[str] = []
    for kind, values in (("gauge", gauges), ("counter", counters)):
        for name, value in values.items():
            lines += [f"# TYPE vllm:{name} {kind}", f"vllm:{name}{{{label}}} {float(value)}"]
    lines.append("# TYPE vllm:request_success_total counter")
    for reason, value in engine.requests.items():
        labels = f'{label},finished_reason="{reason}"'
        lines.append(f"vllm:request_success_total{{{labels}}} {float(value)}")
    lines += [*engine.first.lines(label), *engine.between.lines(label)]
    return "\n".join(lines) + "\n"


def application(engine: Engine) -> Starlette:
    """The paths."""

    async def every(request: Request) -> Response:
        path = request.url.path
        body: dict[str, Any] = {}
        if request.method == "POST" and (raw := await request.body()):
            body = json.loads(raw) if raw.lstrip().startswith(b"{") else {}
        if path not in QUIET:
            engine.seen.append({"path": path, "model": body.get("model"), "headers": dict(request.headers)})
        return await _answer_path(engine, path, body)

    return Starlette(routes=[Route("/{path:path}", every, methods=["GET", "POST", "PUT", "DELETE"])])


async def _answer_path(engine: Engine, path: str, body: dict[str, Any]) -> Response:
    model = {"id": engine.choices.model, "object": "model", "created": 1, "owned_by": "vllm",
             "root": engine.choices.model, "max_model_len": engine.choices.context}  # fmt: skip
    if path in ("/v1/chat/completions", "/v1/completions"):
        return await answer(engine, body, path.endswith("chat/completions"))
    if path in ("/v1/chat/completions/render", "/v1/completions/render"):
        tokens = tokens_of(body)
        return JSONResponse({"token_ids": tokens, "prompt_token_ids": tokens, "model": engine.choices.model})
    if path == "/metrics":
        return PlainTextResponse(metrics(engine))
    found: dict[str, Any] = {
        "/health": {},
        "/v1/models": {"object": "list", "data": [model]},
        "/version": {"version": "0.33.0"},
        "/load": {"server_load": engine.running},
        "/seen": {
            "seen": engine.seen,
            "hit": engine.hit,
            "queried": engine.queried,
            "running": engine.running,
        },
    }
    if path in ("/server_info", "/get_server_info", "/get_model_info", "/model_info"):
        return JSONResponse({"detail": "Not Found"}, 404)
    return JSONResponse(found.get(path, {"path": path}))


class Server(uvicorn.Server):
    """The server of an engine: SIGTERM lets running requests end, and new ones are still accepted and aborted."""

    def __init__(self, config: uvicorn.Config, engine: Engine) -> None:
        super().__init__(config)
        self.engine = engine
        self.waiting: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        if sig != signal.SIGTERM or self.engine.draining:
            self.should_exit = self.force_exit = True
            return
        self.engine.draining = True
        self.waiting = asyncio.get_event_loop().create_task(self._drain())

    async def _drain(self) -> None:
        until = time.monotonic() + self.engine.choices.shutdown_timeout
        while self.engine.running and time.monotonic() < until:
            await asyncio.sleep(0.02)
        self.should_exit = self.force_exit = True


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, value in vars(Choices()).items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=type(value) if value else float, default=value
        )
    given = Choices(**vars(parser.parse_args()))
    time.sleep(given.load_seconds)
    engine = Engine(given, PrefixCache(int(given.blocks)))
    config = uvicorn.Config(
        application(engine), host=given.host, port=int(given.port), log_level="info", access_log=True,
        timeout_keep_alive=5, lifespan="off",
    )  # fmt: skip
    Server(config, engine).run()
    sys.exit(0)


if __name__ == "__main__":
    main()
