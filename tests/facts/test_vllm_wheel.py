"""The tool that reads vLLM's wheel, with a tiny wheel that contains one example of each kind."""

import subprocess
import sys
from pathlib import Path

import pytest

from facts.data.refresh_vllm import write
from facts.vllm import VERSION
from facts.vllm_values import FIELD_KINDS, OPTION_KINDS, VARIABLE_KINDS

DATA = Path(__file__).parents[2] / "facts" / "data" / "vllm"

WHEEL = {
    "vllm-1.2.3.dist-info/METADATA": "Name: vllm\nVersion: 1.2.3\n",
    "vllm/envs.py": """
import os
environment_variables = {
    "VLLM_PLAIN": lambda: os.getenv("VLLM_PLAIN"),
    "VLLM_COUNT": lambda: int(os.getenv("VLLM_COUNT", "3")),
    "VLLM_FLAG": lambda: bool(int(os.getenv("VLLM_FLAG", "0"))),
    "VLLM_WORD": env_with_choices("VLLM_WORD", None, ["b", "a"]),
    "VLLM_LOOSE": env_with_choices("VLLM_LOOSE", None, ["x"], case_sensitive=False),
}
""",
    "vllm/config/__init__.py": "from .engine import Small, Whole\n",
    "vllm/config/words.py": 'from typing import Literal\nColour = Literal["red", "blue"]\n',
    "vllm/config/engine.py": """
import enum
from dataclasses import dataclass
from .words import Colour
from pydantic import Field

class Backend(enum.Enum):
    FAST = "a.b"
    SLOW = "c.d"

@dataclass
class Deep:
    level: int = 0

@dataclass
class Small:
    depth: int = Field(default=1, ge=-1, le=9)
    inner: Deep | None = None

@dataclass
class Whole:
    colour: Colour = "red"
    free: Colour | str = "red"
    backend: Backend | None = None
    max_num_batched_tokens: int = Field(default=8, ge=1)
    share: float = Field(default=0.9, gt=0, lt=1)
    on: bool = False
    names: list[str] | None = None
    small: Small | None = None

    def check(self):
        assert self.on
        if self.share > 1:
            raise ValueError("too much")
        try:
            pass
        except ValueError:
            raise
""",
    "vllm/engine/arg_utils.py": """
from vllm.config import Small, Whole

def add(parser):
    whole_kwargs = get_kwargs(Whole)
    parser.add_argument("--colour", "-c", **whole_kwargs["colour"])
    parser.add_argument("--free", **whole_kwargs["free"])
    backend_kwargs = whole_kwargs["backend"]
    parser.add_argument("--backend", **backend_kwargs)
    parser.add_argument("--tokens", **{**whole_kwargs["max_num_batched_tokens"], "default": None})
    parser.add_argument("--share", **whole_kwargs["share"])
    parser.add_argument("--on", **whole_kwargs["on"])
    parser.add_argument("--names", **whole_kwargs["names"])
    parser.add_argument("--small", **whole_kwargs["small"])
    parser.add_argument("--plain", type=int)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--pick", choices=["b", "a"])
""",
    "vllm/entrypoints/common/cli_args.py": """
class BaseFrontendArgs:
    role: str = "user"

class FrontendArgs(BaseFrontendArgs):
    port_number: int = 8000
""",
    "vllm/platforms/rocm.py": 'class Rocm:\n    supported_quantization: list[str] = ["fp8", "awq"]\n',
    "vllm/v1/core/kv_cache_utils.py": "",
    "vllm/v1/metrics/buckets.py": """
SHORT = (0.5, 1.0, 10)
_STATIC_FAMILY_DEFAULTS = {"short": SHORT}
""",
    "vllm/v1/metrics/loggers.py": """
from vllm.v1.metrics.buckets import histogram_buckets

class PrometheusStatLogger:
    def __init__(self):
        names = ["model_name", "engine"]
        short, sizes = 1, 2
        short = histogram_buckets("short", overrides=None)
        sizes = histogram_buckets("sizes", max_model_len=9)
        self.adapter = "adapter"
        self._gauge_cls(name="vllm:running", labelnames=names)
        self._counter_cls(name="vllm:done", labelnames=names + ["reason"])
        self._histogram_cls(name="vllm:first_seconds", buckets=short, labelnames=["engine"])
        self._histogram_cls(name="vllm:sizes", buckets=sizes, labelnames=names)
        self._gauge_cls(name="vllm:loaded", labelnames=[self.adapter])
        self._gauge_cls(name=unknown)
""",
    "vllm/model_executor/models/registry.py": """
_TEXT_MODELS = {"OwnForCausalLM": ("own", "Own")}
_TRANSFORMERS_SUPPORTED_MODELS = {"OtherForCausalLM": ("transformers", "T")}
_PREVIOUSLY_SUPPORTED_MODELS = {"OldForCausalLM": "0.1"}
""",
    "vllm/model_executor/models/own.py": """
from .base import Base

class Own(Base, SupportsPP):
    pass
""",
    "vllm/model_executor/models/base.py": "class Base(SupportsLoRA):\n    pass\n",
    "vllm/tool_parsers/__init__.py": '_TOOL_PARSERS_TO_REGISTER = {"hermes": ("a", "B")}\n',
    "vllm/reasoning/__init__.py": '_REASONING_PARSERS_TO_REGISTER = {"qwen": ("a", "B")}\n',
}

EXPECTED = {
    "architectures": ["OtherForCausalLM transformers", "OwnForCausalLM vllm lora pp"],
    "config-fields": ["Deep.level int", "Small.depth int >=-1 <=9", "Small.inner json Deep"],
    "env": ["VLLM_COUNT int", "VLLM_FLAG int", "VLLM_LOOSE name x", "VLLM_PLAIN", "VLLM_WORD choice a,b"],
    "metrics": [
        "vllm:done_total counter engine,model_name,reason",
        "vllm:first_seconds histogram engine 0.5,1,10",
        "vllm:loaded gauge adapter",
        "vllm:running gauge engine,model_name",
        "vllm:sizes histogram engine,model_name",
    ],
    "option-kinds": [
        "--backend name FAST,SLOW",
        "--colour choice blue,red",
        "--free text",
        "--names list text",
        "--on switch",
        "--pick choice a,b",
        "--plain int",
        "--port-number int",
        "--quiet switch",
        "--role text",
        "--share float >0 <1",
        "--small json Small",
        "--tokens size >=1",
        "-c choice blue,red",
    ],
    "reasoning-parsers": ["qwen"],
    "refusals": ["config/engine.py check 01 6877914c", "config/engine.py check 02 c13f384a"],
    "rocm-quantizations": ["awq", "fp8"],
    "short-options": ["-c --colour"],
    "tool-parsers": ["hermes"],
}


@pytest.fixture
def wheel(tmp_path):
    for name, text in WHEEL.items():
        path = tmp_path / "wheel" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "wheel"


def test_every_kind_is_read_from_a_wheel_without_running_it(wheel, tmp_path):
    written = write(wheel, tmp_path)
    found = {path.name: path.read_text(encoding="utf-8").splitlines() for path in written}
    assert found == {f"{name}-1.2.3.txt": lines for name, lines in EXPECTED.items()}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("too much", "far too much", False),
        ("self.share > 1", "self.share > 2", True),
        ("assert self.on", "assert not self.on", True),
    ],
)
def test_the_hash_of_a_refusal_changes_with_its_condition_but_not_with_its_message(
    wheel, tmp_path, old, new, changed
):
    config = wheel / "vllm/config/engine.py"
    config.write_text(config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    write(wheel, tmp_path)
    found = (tmp_path / "refusals-1.2.3.txt").read_text(encoding="utf-8").splitlines()
    assert (found != EXPECTED["refusals"]) is changed


def test_the_command_lists_the_files_that_it_writes(wheel, tmp_path):
    command = [sys.executable, "-m", "facts.data.refresh_vllm", wheel, "--to", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"{tmp_path}/env-1.2.3.txt: 5 lines" in done.stdout


def test_a_folder_without_a_wheel_is_refused_without_a_traceback(tmp_path):
    command = [sys.executable, "-m", "facts.data.refresh_vllm", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "has no vllm-*.dist-info/METADATA: unpack the whole wheel" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_files_that_the_toolkit_reads_are_those_the_tool_writes():
    kept = {path.name for path in DATA.glob(f"*-{VERSION}.txt")} - {f"serve-options-{VERSION}.txt"}
    assert kept == {f"{name}-{VERSION}.txt" for name in EXPECTED}
    for path in DATA.glob(f"*-{VERSION}.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines == sorted(set(lines)), f"{path.name} is as the tool writes it"


def test_every_kind_has_a_known_form():
    words = {"any", "array", "choice", "float", "int", "json", "list", "name", "size", "switch", "text", ""}
    for kinds in (OPTION_KINDS, FIELD_KINDS, VARIABLE_KINDS):
        assert {kind.split(" ")[0] for kind in kinds.values()} <= words
