"""Arguments of a model server, for tests."""

from dataclasses import fields
from typing import Any

from serving.engine.choices import EngineChoices
from serving.engine.model_server import ModelServerArgs

PLAIN: dict[str, Any] = {
    "namespace": "serving",
    "model": "qwen3-32b",
    "image": "registry.example/vllm/vllm-openai-rocm@sha256:" + "0" * 64,
    "shape": "BM.GPU.MI300X.8",
}


def arguments(**changes: Any) -> ModelServerArgs:
    """PLAIN with changes. Fields of `EngineChoices` go into `engine`."""
    chosen = {each.name: changes.pop(each.name) for each in fields(EngineChoices) if each.name in changes}
    return ModelServerArgs(**{**PLAIN, **changes}, engine=EngineChoices(**chosen))
