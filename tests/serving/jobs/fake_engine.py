"""A small engine for tests, with the routes, streams and metrics of vLLM 0.33, and with faults on request."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.listening import listening

MODEL = "qwen3-32b"
TOOL_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Reykjavik"}'},
}
METRICS = f"""# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{{engine="0",model_name="{MODEL}"}} 0.0
vllm:kv_cache_usage_perc{{engine="0",model_name="{MODEL}"}} 0.0
vllm:generation_tokens_total{{engine="0",model_name="{MODEL}"}} 128.0
"""


class FakeEngine(ThreadingHTTPServer):
    """Answers as vLLM does, except for the chosen faults."""

    def __init__(self, faults: frozenset[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults = faults
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.dead = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def engine(*faults: str) -> Iterator[FakeEngine]:
    """A running engine with these faults."""
    server = FakeEngine(frozenset(faults))
    with listening(server):
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: FakeEngine  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
        """Tests need no access log."""

    def do_GET(self) -> None:
        faults = self.server.faults
        if self.path == "/v1/models":
            name = "other" if "wrong-model" in faults else MODEL
            self._json({"object": "list", "data": [{"id": name, "object": "model"}]})
        elif self.path == "/metrics":
            text = METRICS.replace("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")
            self._send((text if "old-metrics" in faults else METRICS).encode(), "text/plain")
        elif self.path == "/health":
            self._send(b"", "text/plain", 503 if self.server.dead else 200)
        else:
            self._json({"error": "Not Found"}, 404)

    def do_POST(self) -> None:
        self.server.keys.append(self.headers.get("Authorization"))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        faults = self.server.faults
        # The sampler crashes. Greedy requests do not use it.
        self.server.dead |= (
            "sampler-crash" in faults and body.get("temperature", 1) > 0 and body.get("top_k", 0) > 0
        )
        if self.path != "/v1/chat/completions" or "refuses" in faults:
            self._json({"error": {"message": "no such route"}}, 404)
        elif self.server.dead:
            self._json({"error": {"message": "EngineDeadError"}}, 500)
        elif body.get("stream"):
            self._stream()
        elif body.get("tools"):
            self._json(_answer(_tool_message(faults), "tool_calls"))
        elif "thinks" in faults:
            self._json(_answer({"role": "assistant", "content": None, "reasoning": "Let me see"}, "length"))
        else:
            text = "" if "silent" in faults else "Red, green"
            self._json(_answer({"role": "assistant", "content": text}, "stop"))

    def _stream(self) -> None:
        faults = self.server.faults
        parts = ["1"] if "one-part" in faults else ["1, ", "2, ", "3"]
        events: list[Any] = [
            {"choices": [{"delta": {"content": part}, "finish_reason": None}]} for part in parts
        ]
        if "stream-error" in faults:
            events.append({"error": {"message": "EngineDeadError"}})
        events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        if "no-usage" not in faults:
            events.append(
                {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}}
            )
        lines = [f"data: {json.dumps(each)}\n\n" for each in events]
        if "no-done" not in faults:
            lines.append("data: [DONE]\n\n")
        self._send("".join(lines).encode(), "text/event-stream")

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, text: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _answer(message: dict[str, Any], reason: str) -> dict[str, Any]:
    return {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    }


def _tool_message(faults: frozenset[str]) -> dict[str, Any]:
    if "no-tools" in faults:
        return {
            "role": "assistant",
            "content": '<tool_call>{"name": "get_weather"}</tool_call>',
            "tool_calls": [],
        }
    if "broken-arguments" in faults:
        broken = {**TOOL_CALL, "function": {"name": "get_weather", "arguments": '{"city": '}}
        return {"role": "assistant", "content": None, "tool_calls": [broken]}
    return {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]}
