"""The parts of the engine's output: no line for a step, and every message in full."""

from report.engine_text import engine_text, outputs_without

STEPS = [f" +  oci:Core:Subnet subnet-{index} creating (0s)" for index in range(500)]
RUN = ["Updating (staging):", "", "@ updating.....", *STEPS]
WARNED = ["Diagnostics:", "  pulumi:pulumi:Stack (s):", "    warning: 9 placeholders", ""]
OUTPUTS = ["Outputs:", "    vcnId: 1", ""]
END = ["Resources:", "    + 500 created", "", "Duration: 38s"]


def test_the_steps_are_left_out_and_the_rest_is_in_its_part() -> None:
    found = engine_text([*RUN, *WARNED, *OUTPUTS, *END, ""])
    assert (found.heading, found.messages) == (RUN[0], WARNED[:-1])
    assert (found.outputs, found.end) == (OUTPUTS[:-1], END)


def test_refusals_are_kept_in_full_whatever_they_look_like() -> None:
    failed = ["Diagnostics:", "  oci:Core:Subnet (a):", "    error: 400-LimitExceeded", "", *STEPS[:3]]
    assert engine_text([*RUN, *failed, *END]).messages == failed
    assert engine_text([*RUN, "Policies:", "    [mandatory] no", *END]).messages[0] == "Policies:"


def test_colours_hide_no_part() -> None:
    coloured = [f"\x1b[35;1m{line}\x1b[0m" for line in (RUN[0], *STEPS[:2], *WARNED[:3], *END[:2])]
    found = engine_text(coloured)
    assert "warning: 9 placeholders" in found.messages[-1]
    assert "500 created" in found.end[-1]


def test_an_engine_that_ends_without_a_part_shows_its_last_steps() -> None:
    found = engine_text(RUN)
    assert found.messages[-1] == STEPS[-1]
    assert len(found.messages) == 40


def test_lines_before_a_run_and_output_without_a_run_are_kept() -> None:
    assert engine_text(["error: no stack named x"]).before == ["error: no stack named x"]
    assert engine_text(["warning: A new version", *RUN, *END]).before == ["warning: A new version"]


def test_of_a_preview_and_an_update_the_update_is_kept() -> None:
    preview = ["Previewing update (staging):", *STEPS, *WARNED, *END]
    found = engine_text([*preview, *RUN, *END])
    assert (found.heading, found.messages) == (RUN[0], [])


def test_an_output_is_left_out_with_all_its_lines_and_no_other() -> None:
    speeds = ["  ~ modelSpeeds      : [", "      ~ [0]: {", "            modelSpeeds: 1", "    ]"]
    coloured = [f"\x1b[33m{line}\x1b[0m" for line in speeds]
    others = ["Outputs:", "    kubeconfig: (json) {", "    }", "  + vcnId           : 1"]
    for lines in (speeds, coloured):
        assert outputs_without([*others[:3], *lines, others[3]], ("modelSpeeds",)) == others
        assert outputs_without(["Outputs:", *lines], ("modelSpeeds",)) == []
    assert outputs_without([*others, *speeds], ()) == [*others, *speeds]
