"""`playground size`: the answer, the mix, and wrong options."""

import json

import pytest
from click.testing import CliRunner, Result

from infra.commands.cli import main

CHAT = ("--requests-per-minute", "300", "--prompt", "1500", "--answer", "400", "--ttft", "2")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["size", *arguments])


def test_it_names_gpus_layout_month_and_the_next_three():
    found = run("--model", "llama-3.3-70b", *CHAT)
    assert found.exit_code == 0
    lines = found.output.splitlines()
    assert lines[1].startswith("  Best: ")
    assert "35,040 USD a month" in lines[1]
    assert [line[:8] for line in lines if line.startswith("  Next")] == ["  Next 1", "  Next 2", "  Next 3"]
    assert "answer tokens a second (" in found.output
    assert "for a million answer tokens" in found.output


def test_json_has_every_layout_and_the_reasons_of_the_others():
    found = json.loads(run("--model", "llama-3.3-70b", *CHAT, "--itl", "0.05", "--json").output)
    (model,) = found["models"]
    best = model["choices"][0]
    assert best["gpus"] == best["replicas"] * best["tensorParallel"]
    # 6 USD a GPU and hour, 730 hours, whole nodes of 8 GPUs.
    assert best["monthly"] == best["nodes"] * 8 * 6 * 730
    assert best["prediction"]["outputTps"]["low"] < best["prediction"]["outputTps"]["high"]
    assert model["notCounted"][0]["reasons"]
    assert found["together"]["nodes"] == best["nodes"]


def test_a_mix_shares_nodes():
    mix = json.loads(
        run("--model", "llama-3.3-70b", *CHAT, "--also", "llama-3.1-8b:600:500:200", "--json").output
    )
    assert [each["model"] for each in mix["models"]] == ["llama-3.3-70b", "llama-3.1-8b"]
    best = [each["choices"][0] for each in mix["models"]]
    assert mix["together"]["gpus"] == sum(each["gpus"] for each in best)
    assert mix["together"]["nodes"] == 1
    text = run("--model", "llama-3.3-70b", *CHAT, "--also", "llama-3.1-8b:600:500:200").output
    assert "Together: 1 node for 4 GPUs, 35,040 USD a month" in text


def test_the_rate_is_written_out():
    found = run("--model", "llama-3.3-70b", *CHAT, "--requests-per-minute", "10000000")
    assert "10,000,000 requests a minute" in found.output
    assert "1 request a minute" in run("--model", "llama-3.3-70b", *CHAT, "--requests-per-minute", "1").output


def test_outside_the_figures_it_says_unknown_and_exits_with_1():
    found = run("--model", "gpt-oss-120b", *CHAT)
    assert found.exit_code == 1
    assert "Unknown, or not possible:" in found.output
    assert "no figure is of weights in mxfp4" in found.output
    assert json.loads(run("--model", "gpt-oss-120b", *CHAT, "--json").output)["together"] is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            ("--model", "llama-3.3-70"),
            "--model: 'llama-3.3-70'; is not a model of the catalogue. Did you mean",
        ),
        (("--requests-per-minute", "0"), "--requests-per-minute: '0'; must be a number above 0"),
        (("--requests-per-minute", "nan"), "--requests-per-minute: 'nan'; must be"),
        (("--requests-per-minute", "３００"), "--requests-per-minute: '３００'; must be"),  # noqa: RUF001
        (("--prompt", "0.5"), "--prompt: '0.5'; must be a number from 1"),
        (("--answer", "many"), "--answer: 'many'; must be a number from 1"),
        (("--prompt", "131000"), "--prompt: '131000 + 400'; with the answer must be at most 131,072 tokens"),
        (("--prompt", "1234567"), "--prompt: '1234567 + 400'; with the answer must be at most"),
        (("--ttft", "-1"), "--ttft: '-1'; must be a number above 0"),
        (("--itl", "inf"), "--itl: 'inf'; must be a number above 0"),
        (("--shape", "BM.GPU.MI300X"), "--shape: 'BM.GPU.MI300X'; is not a shape with GPUs. Did you mean"),
        (("--shape", "VM.Standard.E5.Flex"), "is not a shape with GPUs"),
        (("--gpus", "3"), "--gpus: '3'; must be one of 1, 2, 4, 8 for llama-3.3-70b"),
        (("--gpus", "1.5"), "--gpus: '1.5'; must be a whole number from 1 to 8"),
        (("--gpus", "9" * 5000), "must be a whole number from 1 to 8"),
        (("--also", "llama-3.1-8b:5"), "--also: 'llama-3.1-8b:5'; must be MODEL:REQUESTS:PROMPT:ANSWER"),
        (("--also", "nobody:5:5:5"), "--also: 'nobody'; is not a model of the catalogue"),
    ],
)
def test_a_wrong_option_is_named(changed, said):
    found = run("--model", "llama-3.3-70b", *CHAT, *changed)
    assert found.exit_code == 2
    assert said in found.output


def test_all_wrong_options_are_named_at_once():
    found = run("--model", "a", "--requests-per-minute", "b", "--prompt", "c", "--answer", "d", "--ttft", "e")
    assert found.exit_code == 2
    for name in ("--model", "--requests-per-minute", "--prompt", "--answer", "--ttft"):
        assert f"{name}: " in found.output
    assert "Traceback" not in found.output


def test_wrong_options_are_json_too():
    found = json.loads(run("--model", "llama-3.3-70b", *CHAT, "--itl", "0", "--gpus", "9", "--json").output)
    assert [each["path"] for each in found["problems"]] == ["--itl", "--gpus"]


def test_without_options_it_says_what_is_missing():
    assert run().exit_code == 2


def test_the_plan_of_a_stack_has_the_predicted_speed():
    found = CliRunner().invoke(main, ["plan", "staging"])
    assert found.exit_code == 0
    assert "Speed with 64 requests of 1,000 + 500 tokens at the same time: about" in found.output
