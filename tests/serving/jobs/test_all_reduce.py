"""The all-reduce job's script: figures of rccl-tests, floors, and links. The output has the form of rccl-tests."""

from pathlib import Path

import pytest

from serving.jobs import all_reduce

HEADING = """\
#                                                              out-of-place                       in-place
#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)
"""
ROW = "  {size}  {count}  float  sum      -1  5512.3  194.79  {out}  {wrong}  5508.1  194.94  {inside}  0\n"
GIB = 2**30


def printed(average: float = 365.375, *, ranks: int = 16, hosts: int = 2, wrong: str = "0") -> str:
    """The output of a run with messages of 1 and 2 GiB."""
    lines = [
        f"#  Rank {rank:2d} Group  0 Pid {100 + rank} on job-{rank * hosts // ranks} device {rank % 8} [0000:0c:00]"
        for rank in range(ranks)
    ]
    rows = [
        ROW.format(size=size, count=size // 4, out=out, inside=out + 1, wrong=wrong)
        for size, out in ((GIB, 350.5), (2 * GIB, 370.25))
    ]
    tail = f"# Out of bounds values : 0 OK\n# Avg bus bandwidth    : {average}\n#\n"
    return (
        "# nThread 1 nGpus 1 minBytes 1073741824\n" + "\n".join(lines) + "\n" + HEADING + "".join(rows) + tail
    )


def test_figures_are_found_by_the_names_of_the_columns():
    found = all_reduce.parse(printed())
    assert found == {
        "busGbs": 365.375,
        "busGbsBySize": {str(GIB): 350.5, str(2 * GIB): 370.25},
        "wrong": 0,
        "ranks": 16,
        "hosts": ["job-0", "job-1"],
    }


def test_a_version_without_the_column_of_the_root_is_read_too():
    older = printed().replace("    root ", " ").replace("      -1 ", " ")
    assert all_reduce.parse(older)["busGbsBySize"] == {str(GIB): 350.5, str(2 * GIB): 370.25}


@pytest.mark.parametrize(
    "output", ["", HEADING, "mpirun was unable to launch\n", printed().replace("Avg bus", "Bus")]
)
def test_output_without_figures_is_a_failure(output: str):
    with pytest.raises(all_reduce.Failed, match="has no bus bandwidth"):
        all_reduce.parse(output)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (printed(349.9), "average bus bandwidth 349.9 GB/s, floor 350"),
        (printed(wrong="3"), "6 values of the results were wrong"),
        (printed(hosts=1), "16 ranks on 1 nodes took part; 16 on 2 must"),
        (printed(ranks=8), "8 ranks on 2 nodes took part"),
    ],
)
def test_what_is_below_its_floor_is_named(output: str, said: str):
    (found,) = all_reduce.below_bandwidth(all_reduce.parse(output), 350, 16)
    assert said in found


def test_a_figure_on_its_floor_passes():
    assert all_reduce.below_bandwidth(all_reduce.parse(printed(350.0)), 350, 16) == []


def cards(root: Path, count: int = 8, **values: str) -> Path:
    """RDMA devices as files below /sys/class/infiniband."""
    given = {"state": "4: ACTIVE", "phys_state": "5: LinkUp", "rate": "400 Gb/sec (4X NDR)", **values}
    for index in range(count):
        port = root / f"mlx5_{index}" / "ports" / "1"
        (port / "counters").mkdir(parents=True, exist_ok=True)
        for name, text in given.items():
            (port / name).write_text(text + "\n")
        for name in ("link_downed", "symbol_error"):
            (port / "counters" / name).write_text("7\n")
    return root


FLOORS = {
    "busGbs": {"value": 350, "source": "a page"},
    "links": {"value": 8, "source": "a page"},
    "linkGbps": {"value": 400, "source": "a page"},
    "linkErrors": {"value": 0, "source": "unverified"},
}


def test_healthy_links_pass_whatever_they_counted_before(tmp_path: Path):
    links = all_reduce.read_links(cards(tmp_path), "mlx5")
    assert links["mlx5_0"] == {
        "state": "ACTIVE",
        "link": "LinkUp",
        "gbps": 400.0,
        "errors": {"link_downed": 7, "symbol_error": 7},
    }
    assert all_reduce.below_links(links, links, FLOORS) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "1: DOWN"}, "mlx5_0 is DOWN and LinkUp"),
        ({"phys_state": "3: Disabled"}, "mlx5_0 is ACTIVE and Disabled"),
        ({"rate": "200 Gb/sec (2X NDR)"}, "mlx5_0 runs at 200 Gb/s, floor 400"),
        ({"rate": ""}, "mlx5_0 runs at 0 Gb/s, floor 400"),
    ],
)
def test_a_link_that_is_down_or_slow_is_named(tmp_path: Path, values: dict[str, str], said: str):
    links = all_reduce.read_links(cards(tmp_path, 8, **values), "mlx5")
    assert said in all_reduce.below_links(links, links, FLOORS)


def test_missing_cards_and_new_errors_are_named(tmp_path: Path):
    before = all_reduce.read_links(cards(tmp_path, 7), "mlx5")
    (tmp_path / "mlx5_3/ports/1/counters/symbol_error").write_text("9\n")
    after = all_reduce.read_links(tmp_path, "mlx5")
    assert all_reduce.below_links(before, after, FLOORS) == [
        "7 RDMA devices, floor 8",
        "mlx5_3 counted 2 symbol_error, at most 0",
    ]
    tolerant = {**FLOORS, "links": {"value": 7}, "linkErrors": {"value": 2}}
    assert all_reduce.below_links(before, after, tolerant) == []
