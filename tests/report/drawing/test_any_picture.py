"""Any stack has a picture without faults: long names, many pools and subnets, several networks, any connections."""

from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from report.architecture import ARROWS
from report.drawing.architecture import WIDTH, architecture
from tests.report.drawing.test_picture import data, place, subnet
from tests.support.drawings import faults

KINDS = tuple(
    sorted({*ARROWS, *(each for ends in ARROWS.values() for each in ends)} - {"internet", "services"})
)
NAMES = st.one_of(
    st.sampled_from(["pods", "nodes of a-pool-with-a-long-name", "w" * 80, "漢字" * 30, "a-b " * 40, "x"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="…"),
        min_size=1,
        max_size=60,
    ),
)


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a picture: up to three networks with up to seven subnets of up to five places each."""
    number = 1
    vcns: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 3))):
        subnets: list[Any] = []
        for _ in range(draw(st.integers(0, 7))):
            inside: list[Any] = []
            for _ in range(draw(st.integers(0, 5))):
                number += 1
                inside.append(
                    place(
                        number,
                        draw(st.sampled_from(KINDS)),
                        draw(NAMES),
                        public=draw(st.booleans()),
                        lines=draw(st.lists(NAMES, max_size=12)),
                        zones=draw(st.lists(st.sampled_from(["AD-1", "AD-2", "AD-3", "AD-10"]), max_size=9)),
                        gpus=draw(st.sampled_from([0, 0, 8, 123_456])),
                    )
                )
            made = subnet(*inside, name=draw(NAMES), public=draw(st.sampled_from([True, False, None])))
            subnets.append(made | {"cidr": draw(st.sampled_from(["", "10.0.0.0/24", "10.0.0.0/24, " * 9]))})
        cidrs = draw(st.lists(st.just("10.100.100.0/22"), max_size=20))
        gateways = draw(st.lists(st.sampled_from(["internet", "NAT", "service", "peering"]), max_size=4))
        vcns.append({"name": draw(NAMES), "cidrs": cidrs, "gateways": gateways, "subnets": subnets})
    ends = st.integers(0, number)
    pairs = draw(
        st.lists(
            st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1] and max(pair) > 1),
            max_size=40,
            unique=True,
        )
    )
    services = draw(
        st.lists(st.fixed_dictionaries({"name": NAMES, "lines": st.lists(NAMES, max_size=12)}), max_size=5)
    )
    return data(connections=tuple(pairs)) | {
        "vcns": vcns, "services": services, "operators": draw(st.booleans()),
    }  # fmt: skip


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
)
@given(stacks())
def test_no_label_overlaps_another_leaves_its_box_or_is_crossed(given: dict[str, Any]) -> None:
    drawing = architecture(given)
    assert faults(drawing) == []
    assert drawing.width <= WIDTH
