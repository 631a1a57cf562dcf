"""The loader and the pinned engine read the same value from a text, or both refuse the text.

The engine is slow, so it is called as rarely as possible: once for one file with all texts that the loader accepts, and
once for each reason for which the loader refuses a text. Some rare texts are refused by the loader and accepted by the
engine. They are not generated here: a tag without a value, `: ` before a comma in brackets, the key `.nan`, and a
second document.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from facts.engine_yaml import parse_yaml
from facts.problem import InvalidInput
from infra.project.stackfile import read_stack_file
from infra.settings.sections import SECTIONS
from sandbox.engine.find import obtain_engine
from tests.support.sandbox_project import PROJECT, ROOT

pytestmark = pytest.mark.engine

_WORDS = (
    "a no on y Yes off true True TRUE false ~ null Null 0 -0 +1 1.0 1. .5 -.5 1e3 1E6 1e21 1e400 0x1F 0X1f -0x1 0b11 "
    "0o17 0777 08 0o8 1_000 1__0 _1 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 "
    "-9223372036854775808 -9223372036854775809 1234567890123456789012345678901234567890 10:30 190:20:30 2026-07-07 "
    "2026-7-7 2026-13-01 2026-07-07T01:02:03Z 2026-07-07t01:02:03.50-05:00 2026-07-07T01:02:03 v1.36 << = . .. -a :a "
    "'1' \"1\" 'no' '' !own !!str !!int ?a a?b a#b http://x/y .inf .nan -.inf + - @a `a %a *none &a"
)
WORDS = st.sampled_from(_WORDS.split())
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(0, 2**80).map(hex),
    st.from_regex(r"\A[-+]?[0-9_]{1,25}(\.[0-9_]{0,5})?([eE][-+]?[0-9]{1,3})?\Z"),
)
DATES = st.datetimes().map(str) | st.dates().map(str)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
QUOTED = TEXT.map(json.dumps) | st.text("a \n\t'#:-", max_size=8).map(json.dumps)
SCALARS = st.one_of(WORDS, NUMBERS, DATES, QUOTED, TEXT)
FLOW = st.recursive(
    st.one_of(WORDS, NUMBERS, DATES, QUOTED),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(inner, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=8,
)
BLOCKS = st.lists(st.tuples(SCALARS, FLOW), min_size=1, max_size=4).map(
    lambda pairs: "".join(f"\n      {key}: {value}" for key, value in pairs)
)
MERGES = st.tuples(FLOW, FLOW, st.sampled_from(["*x", "[*x, {q: 1}]", "{a: 1}", "~", "a"])).map(
    lambda drawn: f"\n      x: &x {{a: {drawn[0]}, 1: 2}}\n      y: {{a: {drawn[1]}, <<: {drawn[2]}}}"
)
LITERALS = st.tuples(
    st.sampled_from("|>"), st.sampled_from(["", "-", "+"]), st.text("ab \n#", max_size=12)
).map(lambda drawn: f"{drawn[0]}{drawn[1]}\n" + "".join(f"      {line}\n" for line in drawn[2].split("\n")))
FRAGMENTS = st.one_of(SCALARS, FLOW, BLOCKS, MERGES, LITERALS)

ONLY_OURS = re.compile(r"(!own|!!str|!!int|&a)\s*[,\]}]|:\s*[,\]}]|\ufeff|\.nan\s*:")
"""Texts that the loader refuses and the engine accepts. The value of the key `.nan` becomes null there."""


KEYS = st.sampled_from(
    (
        f"{PROJECT}:gpu", f"{PROJECT}:config:gpu", "gpu", f"'{PROJECT}:gpu'", f"{PROJECT}:tenancy", f"{PROJECT}:a:b",
        f"{PROJECT}:", ":gpu", "oci:region", "other:key", "1", "1e3", "no", "~", "''", "2026-07-07", "0x1F",
        "<<", "[a]", f"? {PROJECT}:gpu\n  ", f"!!str {PROJECT}:gpu", f"&k {PROJECT}:gpu", f"\"{PROJECT}\\x3agpu\"",
    )
)  # fmt: skip
VALUES = st.sampled_from(("1", "no", "{a: 1}", "[1, 2]", "~", "", "'x'", "{secure: 1}", "1e3", "2026-07-07"))
ENTRIES = st.lists(st.tuples(KEYS, VALUES), max_size=3).map(
    lambda pairs: "".join(f"\n  {key}: {value}" for key, value in pairs) or " {}"
)
DOCUMENTS = st.tuples(
    st.sampled_from(
        ("", "", "", "---\n", "# a comment\n", "\ufeff", "%YAML 1.1\n---\n", "- 1\n", "a: 1\n", "{}\n")
    ),
    st.sampled_from(("config:", "config:", "config:", "'config':", "Config:", "config :", "[config]:")),
    ENTRIES,
    st.sampled_from(
        (
            "\n",
            "\n",
            "",
            "\n...\n",
            "\n---\na: 1\n",
            "\nconfig: {}\n",
            "\nencryptionsalt: v1\n",
            "\n# end",
            "\r\n",
        )
    ),
).map("".join)
"""Whole stack files: keys of every kind, and what can be around them."""


class Engine:
    """The pinned engine with its own project. It prints the configuration in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "config.yaml"
        (folder / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        (folder / "state").mkdir()
        self.path = obtain_engine(print).path
        self.ask("stack", "init", "test", "--no-select")

    def ask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        own = {
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a test's",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "TZ": "UTC",
        }
        command = [str(self.path), "--non-interactive", *words]
        return subprocess.run(
            command, cwd=self.folder, env=os.environ | own, capture_output=True, text=True, check=False
        )

    def refusal(self, text: str) -> str:
        """The engine's error for a stack file. Empty if the engine accepts the file."""
        self.file.write_bytes(text.encode("utf-8"))
        done = self.ask("config", "--json", "--stack", "test", "--config-file", str(self.file))
        return done.stderr if done.returncode else ""

    def values(self, text: str) -> Mapping[str, Any]:
        """The values that the engine reads from a stack file, by key."""
        self.file.write_bytes(text.encode("utf-8"))
        done = self.ask("config", "--json", "--stack", "test", "--config-file", str(self.file))
        assert done.returncode == 0, done.stderr
        # `objectValue` has lost digits. A program gets the text in `value`.
        return {
            key: json.loads(entry["value"]) if "objectValue" in entry else entry["value"]
            for key, entry in json.loads(done.stdout).items()
        }


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("engine"))


def _file(fragment: str, key: str = "a") -> str:
    return f"config:\n  {PROJECT}:{key}: {fragment}\n"


def _fragments() -> list[str]:
    found: list[str] = []

    @settings(max_examples=1500, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(FRAGMENTS)
    def draw(fragment: str) -> None:
        found.append(fragment)

    draw()
    return [each for each in dict.fromkeys(found) if not ONLY_OURS.search(each)]


def _accepted_and_refused() -> tuple[list[tuple[str, object]], dict[str, str]]:
    """The accepted fragments with the loader's values, and one refused text for each reason."""
    accepted: list[tuple[str, object]] = []
    refused: dict[str, str] = {}
    for fragment in _fragments():
        try:
            value: Any = parse_yaml(_file(fragment), "file").value
        except InvalidInput as error:
            refused.setdefault(error.problems[0].allowed, _file(fragment))
        else:
            if set(value) == {"config"} and set(value["config"]) == {f"{PROJECT}:a"}:
                accepted.append((fragment, value["config"][f"{PROJECT}:a"]))
    return accepted, refused


def _same(shown: object, value: object) -> bool:
    """Whether the engine's `shown` is the value. It shows scalars as text, and null as empty text."""
    if isinstance(value, dict | list):
        return json.dumps(shown, sort_keys=True) == json.dumps(value, sort_keys=True)
    if value is None or isinstance(value, str):
        return shown == (value or "")
    return isinstance(shown, str) and json.loads(shown) == value


@pytest.mark.prove
def test_the_engine_reads_the_same_values_and_refuses_the_same_texts(engine: Engine) -> None:
    accepted, refused = _accepted_and_refused()
    assert len(accepted) > 500
    assert len(refused) > 8
    # The engine reads an integer of more than 63 bits as text at the top level, but not inside an object.
    objects = [
        (fragment, value) for fragment, value in accepted if not isinstance(value, int) or abs(value) < 2**63
    ]
    text = "config:\n" + "".join(
        _file(fragment, f"k{index}").removeprefix("config:\n") for index, (fragment, _) in enumerate(objects)
    )
    values = engine.values(text)
    for index, (fragment, value) in enumerate(objects):
        found = values[f"{PROJECT}:k{index}"]
        assert _same(found, value), f"{fragment!r}: {found!r}, the loader reads {value!r}"
    for reason, broken in refused.items():
        assert engine.refusal(broken), f"{reason}: {broken!r}"


def _documents(count: int) -> list[str]:
    found: list[str] = []

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(DOCUMENTS)
    def draw(document: str) -> None:
        found.append(document)

    draw()
    return list(dict.fromkeys(found))


def _sections(text: str, folder: Path) -> Mapping[str, object] | None:
    """The sections of a stack file. None if the check refuses the file, or a section that does not exist."""
    file = folder / "Pulumi.read.yaml"
    file.write_bytes(text.encode())
    try:
        read = read_stack_file("read", file)
    except InvalidInput:
        return None
    return None if read.problems or read.sections.keys() - SECTIONS.keys() else read.sections


def test_the_engine_reads_every_stack_file_that_the_loader_accepts_and_the_same_from_it(
    engine: Engine, tmp_path: Path
) -> None:
    read = {text: _sections(text, tmp_path) for text in _documents(600)}
    accepted = {text: sections for text, sections in read.items() if sections}
    assert len(accepted) > 15
    assert len([text for text, sections in read.items() if sections is None]) > 100
    for text, sections in accepted.items():
        values = engine.values(text)
        shown = {
            key.rpartition(":")[2]: value for key, value in values.items() if key.startswith(f"{PROJECT}:")
        }
        assert shown.keys() == sections.keys(), text
        assert all(_same(shown[name], value) for name, value in sections.items()), text


def test_duplicate_keys_are_refused_with_the_same_lines(engine: Engine) -> None:
    text = f"config:\n  {PROJECT}:a:\n    x: 1\n    y: 1\n    x: 2\n  {PROJECT}:b: {{q: 1,\n    q: 1}}\n"
    with pytest.raises(InvalidInput) as ours:
        parse_yaml(text, "file")
    told = {
        (int(problem.path.rsplit(" ", 1)[1]), problem.value, int(re.findall(r"\d+", problem.allowed)[0]))
        for problem in ours.value.problems
    }
    said = re.findall(r'line (\d+): mapping key "(\w+)" already defined at line (\d+)', engine.refusal(text))
    assert told == {(int(line), key, int(before)) for line, key, before in said}
    assert len(told) == 2


def test_the_engine_and_the_loader_read_the_same_from_every_stack_and_example(engine: Engine) -> None:
    files = [*ROOT.glob("Pulumi.*.yaml"), *(ROOT / "examples").glob("*.yaml")]
    parts = [path.read_text(encoding="utf-8").partition("\nconfig:\n")[2] for path in files]
    renamed = [part.replace(f"  {PROJECT}:", f"  file{index}:") for index, part in enumerate(parts)]
    values = engine.values("config:\n" + "\n".join(renamed))
    for index, path in enumerate(files):
        ours: Any = parse_yaml(path.read_bytes(), path.name).value
        mine = {
            key.rpartition(":")[2]: value for key, value in ours["config"].items() if key.startswith(PROJECT)
        }
        theirs = {
            key.rpartition(":")[2]: value for key, value in values.items() if key.startswith(f"file{index}:")
        }
        assert mine == theirs, path.name
