"""`make up`: the last message of a failed engine, and the engine's output without a terminal."""

from tools.engine_page import page
from tools.make_up import changes_of, last_message

STEPS = [f" +  oci:Core:Subnet subnet-{index} creating (0s)\n" for index in range(500)]
RUN = ["Updating (staging):\n", "\n", "@ updating.....\n", *STEPS]
END = ["Resources:\n", "    + 500 created\n", "\n", "Duration: 38s\n"]


def test_the_reason_for_a_missing_engine_is_shown_completely() -> None:
    said = [
        "sandbox: asking for the release",
        "sandbox: no Pulumi CLI. Tried:",
        "  - PATH: none",
        "What helps: Go",
    ]
    assert last_message(said) == said[1:]
    assert last_message(["Traceback"]) == ["Traceback"], "other messages are shown too"


def test_without_a_terminal_an_up_shows_warnings_and_counts() -> None:
    warned = ["Diagnostics:\n", "  pulumi:pulumi:Stack (s):\n", "    warning: 9 placeholders\n", "\n"]
    outputs = ["Outputs:\n", "    vcnId: 1\n", "\n"]
    assert list(page([*RUN, *warned, *outputs, *END])) == [*warned, *END]


def test_refusals_of_an_up_are_shown_completely() -> None:
    failed = [
        "Diagnostics:\n",
        "  oci:Core:Subnet (a):\n",
        "    error: Error: 400-LimitExceeded\n",
        "    Suggestion: x\n",
    ]
    assert list(page([*RUN, *failed, *END])) == [*failed, *END]


def test_an_engine_that_ends_without_a_message_shows_its_last_steps() -> None:
    assert list(page(RUN))[-1] == STEPS[-1]
    assert len(list(page(RUN))) == 40


def test_lines_before_a_run_and_output_without_a_run_are_shown() -> None:
    assert list(page(["error: no stack named x\n"])) == ["error: no stack named x\n"]
    before = "warning: A new version is there\n"
    assert next(iter(page([before, *RUN, *END]))) == before


def test_each_of_two_ups_reports_its_own_changes() -> None:
    history = [
        {"message": "make up 2", "resourceChanges": {"same": 9}},
        {"message": "make up 1", "resourceChanges": {"create": 9}},
    ]
    assert changes_of(history, "make up 1") == {"create": 9}
    assert changes_of(history, "make up 2") == {"same": 9}
    assert changes_of(history, "make up 3") == {}
