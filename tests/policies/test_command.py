"""`python -m policies`: what it reads, prints and returns."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from policies.command import main, report
from policies.judging import judge
from policies.listed import POLICIES
from policies.model import Finding
from policies.reading import UnreadableError, read
from tests.policies.cases import BUCKET, CLUSTER, urn

FULL = {"Environment": "dev"}
URN = urn(BUCKET, "uploads", "dev")


def state(**inputs: Any) -> dict[str, Any]:
    given = {"name": "uploads", "kmsKeyId": "k", "freeformTags": FULL, **inputs}
    return {"urn": URN, "type": BUCKET, "id": "uploads", "inputs": given, "custom": True}


def exported(*states: dict[str, Any]) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": [*states]}})


def written(folder: Path, text: str, name: str = "input.json") -> str:
    file = folder / name
    file.write_text(text)
    return str(file)


def test_the_three_forms_of_the_engine_give_the_same_resources():
    preview = json.dumps({"steps": [{"op": "create", "urn": URN, "newState": state()}]})
    events = "\n".join(
        json.dumps(each)
        for each in (
            {"sequence": 0, "preludeEvent": {"config": {}}},
            {"sequence": 1, "resourcePreEvent": {"metadata": {"op": "create", "urn": URN, "new": state()}}},
            {"sequence": 2, "summaryEvent": {}},
        )
    )
    assert read(preview) == read(events) == read(exported(state()))


def test_what_goes_is_not_judged():
    gone = {"op": "delete-replaced", "urn": URN, "oldState": state(), "newState": state()}
    assert read(json.dumps({"steps": [gone]})) == []
    assert read(exported({**state(), "delete": True})) == []


def secret(**content: str) -> dict[str, str]:
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", **content}


def test_a_secret_is_judged_if_its_text_is_there_and_otherwise_counts_as_unknown():
    public = state(accessType=secret(plaintext='"ObjectRead"'))
    assert [each.policy for each in judge(POLICIES, read(exported(public)))] == ["no-public-database"]
    for hidden in (secret(ciphertext="v1:a"), secret(plaintext="{"), "[secret]"):
        assert judge(POLICIES, read(exported(state(accessType=hidden, kmsKeyId=hidden)))) == []


def test_a_stack_of_the_first_event_only_is_empty():
    assert read(json.dumps({"sequence": 0, "preludeEvent": {"config": {}}})) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 100_000, "not JSON: too many"),
        ("1" * 5000, "not JSON"),
        ("", "is empty"),
        ("nonsense", "not JSON"),
        ("{}", "neither `steps` nor"),
        ("[]", "neither"),
    ],
)
def test_what_the_engine_did_not_write_is_refused(text: str, says: str):
    with pytest.raises(UnreadableError, match=says):
        read(text)


def test_exit_statuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([written(tmp_path, exported(state()))]) == 0
    assert "0 violations, 0 advisory" in capsys.readouterr().out
    assert main([written(tmp_path, exported(state(kmsKeyId=None, accessType="ObjectRead")))]) == 1
    told = capsys.readouterr().out
    assert "2 violations" in told
    assert "MANDATORY no-public-database" in told
    assert "MANDATORY own-keys-of-buckets" in told
    assert main([written(tmp_path, "nonsense")]) == 2
    assert main([str(tmp_path / "missing.json")]) == 2
    assert capsys.readouterr().err.count("policies: ") == 2


def test_advice_alone_is_no_failure(tmp_path: Path):
    cluster = {
        "urn": urn(CLUSTER, "cluster", "dev"),
        "type": CLUSTER,
        "inputs": {"kmsKeyId": "k", "freeformTags": FULL, "endpointConfig": {"isPublicIpEnabled": True}},
    }
    assert main([written(tmp_path, exported(cluster))]) == 0


def test_standard_input_and_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.stdin", io.StringIO(exported(state(kmsKeyId=None))))
    assert main(["--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["resources"] == 1
    (finding,) = told["findings"]
    assert (finding["policy"], finding["level"], finding["urn"]) == ("own-keys-of-buckets", "mandatory", URN)


def test_the_list_names_every_policy_and_setting(capsys: pytest.CaptureFixture[str]):
    assert main(["--list"]) == 0
    told = capsys.readouterr().out
    assert all(f"{each.name} ({each.level})" in told for each in POLICIES)
    assert main(["--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in listed] == [each.name for each in POLICIES]


def test_a_configuration_changes_levels_and_settings(tmp_path: Path):
    wrong = written(tmp_path, exported(state(kmsKeyId=None)))
    soft = written(tmp_path, '{"own-keys-of-buckets": "advisory"}', "soft.json")
    off = written(
        tmp_path, '{"all": "disabled", "tags-present": {"enforcementLevel": "mandatory"}}', "off.json"
    )
    owner = written(
        tmp_path,
        '{"all": "disabled", "tags-present": {"enforcementLevel": "mandatory", "keys": ["Owner"]}}',
        "o",
    )
    assert main([wrong, "--config", soft]) == 0
    assert main([wrong, "--config", off]) == 0
    assert main([wrong, "--config", owner]) == 1


def test_all_problems_of_a_configuration_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    config = {
        "no-open-prot": "advisory",
        "own-keys": "strict",
        "pinned-images": {"keys": []},
        "tags-present": {"keyz": ["Owner"], "keys": "Owner"},
        "no-vllm-service": 3,
        "no-open-port": {"edgePorts": ["443", "https", 80]},
    }
    file = written(tmp_path, json.dumps(config), "config.json")
    assert main([written(tmp_path, exported()), "--config", file]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "policies: no-open-prot: is not a policy. Did you mean no-open-port?",
        "policies: own-keys: 'strict'; must be one of advisory, mandatory, disabled",
        "policies: pinned-images.keys: is not a setting of this policy. It has none",
        "policies: tags-present.keyz: is not a setting of this policy. Did you mean keys?",
        "policies: tags-present.keys: 'Owner'; must be of the type array",
        "policies: no-vllm-service: 3; must be a level or an object",
        "policies: no-open-port.edgePorts[1]: 'https'; must match ^[1-9][0-9]{0,4}$",
        "policies: no-open-port.edgePorts[2]: 80; must be of the type string",
    ]


@pytest.mark.parametrize("text", ["nonsense", "[]"])
def test_a_configuration_that_is_no_object_is_refused(text: str, tmp_path: Path):
    file = written(tmp_path, text, "config.json")
    assert main([written(tmp_path, exported()), "--config", file]) == 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_only_on_a_terminal_and_no_line_above_80(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    found: list[Finding] = judge(
        POLICIES, read(exported(state(accessType="ObjectReadWithoutList", kmsKeyId=None)))
    )
    plain = report(found, 1, io.StringIO())
    coloured = report(found, 1, Terminal())
    assert not any("\x1b" in line for line in plain)
    assert any("\x1b[31m" in line for line in coloured)
    assert [re.sub(r"\x1b\[[0-9]+m", "", line) for line in coloured] == plain
    assert max(map(len, plain)) <= 80
    monkeypatch.setenv("NO_COLOR", "1")
    assert report(found, 1, Terminal()) == plain
