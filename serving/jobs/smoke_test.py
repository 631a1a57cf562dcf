"""Asks a freshly deployed engine what its users will ask, and fails if it does not answer.

    smoke_test.py --url http://qwen3-32b.serving.svc.cluster.local:8000 --model qwen3-32b

Requests are sampled (temperature, top-p, top-k), for a greedy one never enters the sampler, where engines of gfx942
have crashed; and several go at once, for one alone makes no batch. Routes and metrics are those of vLLM 0.33.
The key of a protected engine is read from the variable API_KEY. Exit code 1: something failed, and is said.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

SAMPLING = {"temperature": 0.8, "top_p": 0.9, "top_k": 40}
ANSWER_TOKENS = 1024
"""Enough for a model that thinks first."""

METRICS = ("vllm:num_requests_running", "vllm:kv_cache_usage_perc", "vllm:generation_tokens_total")
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
TRIES = 3
"""A sampled model may once answer in words where a tool was meant."""


Json = dict[str, Any]


class Failed(Exception):  # noqa: N818  it is a verdict
    """A check that did not pass, and why."""


class Engine:
    """The engine under test."""

    def __init__(self, url: str, model: str, timeout: float) -> None:
        self.url = url.rstrip("/")
        self.model = model
        self.timeout = timeout

    def open(self, path: str, body: Json | None = None) -> Any:
        """The open response of a route; Failed if it is none."""
        headers = {"Content-Type": "application/json"}
        if os.environ.get("API_KEY"):
            headers["Authorization"] = "Bearer " + os.environ["API_KEY"]
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers)  # noqa: S310  http in the cluster
        try:
            return urllib.request.urlopen(request, timeout=self.timeout)  # noqa: S310
        except urllib.error.HTTPError as error:
            text = error.read(500).decode(errors="replace")
            raise Failed(f"{path} answered {error.code}: {text}") from error
        except (urllib.error.URLError, OSError) as error:
            raise Failed(f"{path} did not answer: {error}") from error

    def ask(self, text: str, **further: Any) -> Json:
        """The body of a sampled chat request."""
        return {
            "model": self.model,
            "messages": [{"role": "user", "content": text}],
            "max_tokens": ANSWER_TOKENS,
            **SAMPLING,
            **further,
        }

    def chat(self, text: str, **further: Any) -> Json:
        """The first choice of an answer."""
        path = "/v1/chat/completions"
        with self.open(path, self.ask(text, **further)) as response:
            answer = _json(path, response.read())
        choices = answer.get("choices")
        if not choices:
            raise Failed(f"{path} answered without a choice")
        return choices[0]


def check_models(engine: Engine) -> str:
    """The engine serves the model under its name."""
    with engine.open("/v1/models") as response:
        listed = [each.get("id") for each in _json("/v1/models", response.read()).get("data", [])]
    if engine.model not in listed:
        raise Failed(f"serves {listed}, not {engine.model}")
    return f"serves {', '.join(map(str, listed))}"


def check_chat(engine: Engine) -> str:
    """Several sampled requests at once are all answered with text."""
    prompts = [f"Name {count} colours, and nothing else." for count in range(2, 10)]
    with ThreadPoolExecutor(len(prompts)) as pool:
        choices = list(pool.map(engine.chat, prompts))
    for prompt, choice in zip(prompts, choices, strict=True):
        if not _words(choice.get("message", {})):
            raise Failed(f"no text in answer to {prompt!r} (finish_reason {choice.get('finish_reason')!r})")
    return f"{len(prompts)} sampled answers at once"


def check_streaming(engine: Engine) -> str:
    """A streamed answer comes in parts, says why it ends, counts its tokens, and ends with [DONE]."""
    body = engine.ask("Count from 1 to 20.", stream=True, stream_options={"include_usage": True})
    parts, reason, tokens, done = 0, None, 0, False
    with engine.open("/v1/chat/completions", body) as response:
        for event in _events(response):
            if event == "[DONE]":
                done = True
                break
            chunk = _json("/v1/chat/completions", event.encode())
            if chunk.get("error"):
                raise Failed(f"the stream broke: {chunk['error']}")
            tokens = int(_object(chunk.get("usage")).get("completion_tokens", tokens))
            for choice in chunk.get("choices", []):
                parts += bool(_words(choice.get("delta", {})))
                reason = choice.get("finish_reason") or reason
    if not done:
        raise Failed("the stream ended without [DONE]")
    if parts < 2 or not reason:
        raise Failed(f"{parts} parts and finish_reason {reason!r}; several parts and a reason were expected")
    if tokens < 1:
        raise Failed("the stream did not say how many tokens it had")
    return f"{parts} parts, {tokens} tokens, ended by {reason}"


def check_tool_call(engine: Engine) -> str:
    """The model calls a tool, and the engine's parser makes a call with JSON arguments of it."""
    found = "nothing"
    for _ in range(TRIES):
        choice = engine.chat(
            "What is the weather in Reykjavik? Use the tool.", tools=[TOOL], tool_choice="auto"
        )
        calls = cast(list[object], _object(choice.get("message")).get("tool_calls") or [])
        for function in (_object(_object(call).get("function")) for call in calls):
            found = f"{function.get('name')}({function.get('arguments')})"
            if function.get("name") == "get_weather" and _city(function.get("arguments")):
                return found
    raise Failed(f"no call of get_weather with a city in {TRIES} tries; last seen: {found}")


def check_metrics(engine: Engine) -> str:
    """The metrics that alerts and scaling read are there, under the model's name."""
    with engine.open("/metrics") as response:
        lines = response.read().decode(errors="replace").splitlines()
    label = f'model_name="{engine.model}"'
    missing = [
        name for name in METRICS if not any(line.startswith(name + "{") and label in line for line in lines)
    ]
    if missing:
        raise Failed(f"/metrics lacks {', '.join(missing)} with {label}")
    return f"{len(METRICS)} metrics"


def check_health(engine: Engine) -> str:
    """The engine survived it all."""
    with engine.open("/health"):
        return "alive"


Check = Callable[[Engine], str]
CHECKS: dict[str, Check] = {
    "models": check_models,
    "chat": check_chat,
    "streaming": check_streaming,
    "tool-call": check_tool_call,
    "metrics": check_metrics,
    "health": check_health,
}
"""In this order: health comes last, to see who survived."""


def run(engine: Engine, leave_out: list[str]) -> list[str]:
    """Run every check, print how each went, and return what failed."""
    failed: list[str] = []
    for name, check in CHECKS.items():
        if name in leave_out:
            print(f"left out {name}", flush=True)
            continue
        begin = time.monotonic()
        try:
            said = check(engine)
        except Failed as why:
            failed.append(f"{name}: {why}")
            print(f"FAIL {name}: {why}", flush=True)
        else:
            print(f"ok   {name}: {said} ({time.monotonic() - begin:.1f} s)", flush=True)
    return failed


def _json(path: str, text: bytes) -> Json:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Failed(f"{path} answered no JSON: {text[:200]!r}") from error
    if not isinstance(value, dict):
        raise Failed(f"{path} answered {value!r}, not an object")
    return cast(Json, value)


def _object(value: object) -> Json:
    """A value as an object; empty if it is none."""
    return cast(Json, value) if isinstance(value, dict) else {}


def _city(arguments: object) -> object:
    """The city in a call's arguments, which are JSON in a text."""
    try:
        return _object(json.loads(str(arguments))).get("city")
    except ValueError:
        return None


def _events(response: Any) -> Iterator[str]:
    """The data of server-sent events."""
    try:
        for line in response:
            text = line.decode(errors="replace").strip()
            if text.startswith("data:"):
                yield text[len("data:") :].strip()
    except OSError as error:
        raise Failed(f"the stream broke: {error}") from error


def _words(message: Json) -> str:
    """What was said, thought or both; vLLM has called the thought by two names."""
    return "".join(str(message.get(key) or "") for key in ("content", "reasoning", "reasoning_content"))


def main(arguments: list[str] | None = None) -> int:
    """Test an engine; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--url", required=True, help="where the engine answers, without /v1")
    parser.add_argument("--model", required=True, help="what requests call the model")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds an answer may take")
    parser.add_argument("--leave-out", action="append", default=[], choices=sorted(CHECKS))
    parser.add_argument("--report", help="file for what failed, such as /dev/termination-log")
    given = parser.parse_args(arguments)
    failed = run(Engine(given.url, given.model, given.timeout), given.leave_out)
    if failed and given.report:
        Path(given.report).write_text("\n".join(failed)[:4000], encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
