"""The replay: its requests, its engines, and what the policies do with an hour of generated requests."""

import statistics
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import replay
from tests.bench.__main__ import main
from tests.traffic.parts.scaling_policies import Ours, QueueLength, wishes
from tests.traffic.parts.scaling_states import STATES, policy
from tests.traffic.parts.simulation import CLOCK, SLOTS, Sample, Simulation
from tests.traffic.parts.traces import (
    ANSWER_MEAN,
    ANSWER_MEDIAN,
    BURSTINESS,
    PER_SECOND,
    PROMPT_MEAN,
    PROMPT_MEDIAN,
    Asked,
    generated,
    read_trace,
    scaled_to,
)


class Fixed:
    """No autoscaler."""

    def decide(self, sample: Sample) -> int:
        return sample.present


class At:
    """Another number from a time on."""

    def __init__(self, at: float, number: int) -> None:
        self.at, self.number = at, number

    def decide(self, sample: Sample) -> int:
        return self.number if sample.now >= self.at else sample.present


@pytest.fixture(scope="module")
def hour() -> list[Asked]:
    return replay.scaled(list(generated(hours=1)))


def test_generated_requests_have_the_published_lengths_and_rate() -> None:
    asked = list(generated(hours=3))
    prompts, answers = [each.prompt for each in asked], [each.answer for each in asked]
    assert statistics.median(prompts) == pytest.approx(PROMPT_MEDIAN, rel=0.02)
    assert statistics.median(answers) == pytest.approx(ANSWER_MEDIAN, rel=0.02)
    assert statistics.mean(prompts) == pytest.approx(PROMPT_MEAN, rel=0.02)
    assert statistics.mean(answers) == pytest.approx(ANSWER_MEAN, rel=0.1), "the longest are cut"
    assert len(asked) / asked[-1].at == pytest.approx(PER_SECOND, rel=0.02)


def test_generated_requests_come_in_bursts_and_more_of_them_in_the_middle() -> None:
    asked = list(generated(hours=3))
    third = asked[-1].at / 3
    parts = [sum(third * part <= each.at < third * (part + 1) for each in asked) for part in range(3)]
    assert parts[1] > 1.5 * max(parts[0], parts[2])
    middle = [each.at for each in asked if 5000 < each.at < 5800]
    gaps = [later - at for at, later in pairwise(middle)]
    assert statistics.stdev(gaps) / statistics.mean(gaps) == pytest.approx(BURSTINESS, rel=0.1)


def test_a_trace_is_read_in_the_public_format(tmp_path: Path) -> None:
    file = tmp_path / "trace.csv"
    file.write_text(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
        "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,0\n"
    )
    first, second = read_trace(file)
    assert (first.at, first.prompt, first.answer) == (0, 374, 44)
    assert second.at == pytest.approx(4.314579)
    assert second.answer == 1, "every request has a first token"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a,b\n1,2\n", "must have the columns TIMESTAMP"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,x,1\n", "line 2"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,1\n", "line 2"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,1,1\n", "two requests or more"),
    ],
)
def test_a_wrong_trace_is_named(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "trace.csv").write_text(text)
    with pytest.raises(ValueError, match=wrong):
        read_trace(tmp_path / "trace.csv")


def test_a_scaled_trace_keeps_its_time_and_shape() -> None:
    asked = list(generated(hours=0.5))
    more = scaled_to(asked, 2.5)
    assert len(more) == pytest.approx(2.5 * len(asked), rel=0.02)
    assert more[0].at >= 0
    assert more[-1].at == asked[-1].at
    assert [each.at for each in more] == sorted(each.at for each in more)


def test_an_engine_costs_what_the_fake_engine_costs() -> None:
    requests = [Asked(0, 1000, 100), Asked(0, 1000, 100), Asked(100, 1, 1)]
    simulation = Simulation(requests, Fixed(), first=1, start_seconds=0)
    simulation.run()
    read = 1000 * CLOCK.prefill_us / 1e6
    assert simulation.times[:2] == pytest.approx([read + 0.05, 2 * read + 0.05]), "one prompt after the other"


def test_requests_wait_while_all_slots_are_taken() -> None:
    requests = [Asked(0, 1, 1000)] * (SLOTS + 1) + [Asked(200, 1, 1)]
    simulation = Simulation(requests, Fixed(), first=1, start_seconds=0)
    outcome = simulation.run()
    assert sorted(simulation.times)[-1] == pytest.approx(1000 * CLOCK.token_ms / 1e3, rel=0.01)
    assert outcome.gpu_hours == pytest.approx(200 / 3600)


def test_an_added_engine_costs_from_its_start_and_answers_only_after_it() -> None:
    requests = [Asked(0, 1, 3000)] * (SLOTS + 1) + [Asked(60, 1, 1), Asked(600, 1, 1)]
    simulation = Simulation(requests, At(30, 2), first=1, start_seconds=300)
    outcome = simulation.run()
    assert outcome.gpu_hours == pytest.approx((600 + 570) / 3600)
    assert outcome.changes == [(30, 1)]
    assert simulation.times[-1] < 1, "the new engine answers the last request"
    assert max(simulation.times) > 30


def test_a_removed_engine_first_ends_its_requests() -> None:
    requests = [Asked(0, 1, 4000), Asked(0, 1, 4000), Asked(600, 1, 1)]
    outcome = Simulation(requests, At(15, 1), first=2, start_seconds=0).run()
    assert outcome.gpu_hours == pytest.approx((600 + 120.05) / 3600, rel=0.001)


STEADY = {
    "loaded": (3, 162, 2.7, []),
    "idle": (3, 0, 0, []),
    "between the thresholds": (3, 120, 2.1, [0.1] * 900),
    "room for one less": (3, 60, 0.9, [0.1] * 900),
    "late first tokens": (3, 0, 0, [0.1] * 810 + [9] * 90),
    "nearly late first tokens": (3, 0, 0, [0.1] * 870 + [9] * 30),
    "few requests, all late": (3, 0, 0, [9] * 10),
}


@pytest.mark.parametrize("name", STEADY)
def test_the_replay_wants_what_the_queries_return(name: str) -> None:
    present, requests, cache, tokens = STEADY[name]
    sample = Sample(
        now=0,
        present=present,
        ready=present,
        waiting=0,
        requests=requests,
        cache=cache,
        first_tokens=tokens,
    )
    wanted = STATES[name].wants
    assert wishes(sample, policy()) == pytest.approx(
        [wanted[key] for key in ("requests", "cache", "first-token")]
    )


def test_nothing_changes_while_an_engine_starts() -> None:
    sample = Sample(now=0, present=4, ready=3, waiting=999, requests=999, cache=3, first_tokens=[9] * 99)
    assert wishes(sample, policy()) == [4] * 3


def test_our_policy_adds_one_engine_a_period_and_never_turns(hour: list[Asked]) -> None:
    ours = replay.run(hour, Ours(policy=policy(), least=replay.LEAST, most=replay.MOST))
    queue = replay.run(hour, QueueLength(least=replay.LEAST, most=replay.MOST))
    assert ours.changes, "the load changes"
    assert ours.turns(policy().in_seconds) == 0
    assert ours.most_in(policy().out_seconds, 1) <= 1
    assert ours.most_in(policy().in_seconds, -1) <= 1
    assert queue.turns(policy().in_seconds) > 0
    assert ours.gpu_hours < replay.GOAL * queue.gpu_hours
    assert ours.p99_seconds < queue.p99_seconds


def test_a_word_that_is_no_part_and_no_trace_is_named() -> None:
    done = CliRunner().invoke(main, ["replay", "missing.csv"])
    assert done.exit_code == 2
    assert "missing.csv is neither a part nor a trace" in done.output
