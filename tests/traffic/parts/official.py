"""Runs requests of the official `openai` client in the environment that has it."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.traffic.parts.fleet import MODEL
from tools.traffic.build import obtain

CLIENT = Path(__file__).with_name("openai_client.py")


def request(text: str, key: str, model: str = MODEL, tokens: int = 5, **more: Any) -> dict[str, Any]:
    """A streamed chat request."""
    messages = [{"role": "user", "content": text}]
    return {"key": key, "body": {"model": model, "max_tokens": tokens, "messages": messages, **more}}


def by_client(port: int, host: str, requests: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the client sees: the class of its error, or the text and the tokens."""
    given = [{"url": f"http://127.0.0.1:{port}/v1", "headers": {"Host": host}, **each} for each in requests]
    command = [str(obtain() / "python"), str(CLIENT)]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
