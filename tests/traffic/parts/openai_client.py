"""Requests of the official client. It runs in the environment of tools/traffic, which has the client, not this project.

    python openai_client.py < requests.json

Writes what became of each request: the class of the client's own error, or the text and the tokens of the answer.
"""

import json
import sys
from typing import Any

import openai  # pyright: ignore[reportMissingImports]


def ask(given: dict[str, Any]) -> dict[str, Any]:
    """One request."""
    client = openai.OpenAI(
        base_url=given["url"],
        api_key=given["key"],
        max_retries=0,
        timeout=30,
        default_headers=given["headers"],
    )
    words, usage = [], None
    try:
        for chunk in client.chat.completions.create(**given["body"], stream=True):
            words += [choice.delta.content or "" for choice in chunk.choices]
            usage = chunk.usage.total_tokens if chunk.usage else usage
    except openai.APIStatusError as error:
        kind = type(error).__name__
        return {"error": kind, "status": error.status_code, "headers": dict(error.response.headers)}
    except openai.APIError as error:
        return {"error": type(error).__name__}
    return {"text": "".join(words), "tokens": usage}


if __name__ == "__main__":
    json.dump([ask(each) for each in json.load(sys.stdin)], sys.stdout)
