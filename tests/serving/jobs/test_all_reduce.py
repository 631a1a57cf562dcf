"""The all-reduce job's script: figures of rccl-tests, floors, links, and a run of both pods.

The output has the form of rccl-tests. `mpirun` and `all_reduce_perf` are stand-ins: no test has two GPU nodes.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from serving.jobs import all_reduce, script

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


MPIRUN = """\
#!{python}
import json, pathlib, shlex, subprocess, sys
given = sys.argv[1:]
pathlib.Path({seen!r}).write_text(json.dumps(given))
agent = given[given.index("plm_rsh_agent") + 1]
hosts = [each.partition(":")[0] for each in given[given.index("-H") + 1].split(",")]
daemon = subprocess.run([*shlex.split(agent), hosts[1], "PATH=/x:$PATH;", "echo daemon >", {daemon!r}])
sys.stdout.write(pathlib.Path({output!r}).read_text())
sys.exit(daemon.returncode)
"""


class Pair:
    """Both pods of a job as two processes of this machine, with a stand-in of Open MPI and of rccl-tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output, self.seen, self.daemon = (folder / each for each in ("output", "seen.json", "daemon"))
        self.mpirun, self.program = folder / "mpirun", folder / "all_reduce.py"
        text = MPIRUN.format(
            python=sys.executable, seen=str(self.seen), daemon=str(self.daemon), output=str(self.output)
        )
        self.mpirun.write_text(text)
        self.mpirun.chmod(0o755)
        self.program.write_text(script("all_reduce.py"))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])

    def start(self, index: int, *further: str) -> "subprocess.Popen[str]":
        results = self.folder / f"results-{index}"
        results.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOSTNAME": f"job-{index}",
            "NODE_NAME": f"node-{index}",
            "JOB_COMPLETION_INDEX": str(index),
            "ALL_REDUCE_PORT": self.port,
            "NCCL_IB_HCA": "mlx5",
        }
        command = [sys.executable, str(self.program), "measure", "--results", str(results)]
        command += ["--names", "127.0.0.1", "127.0.0.1", "--mpirun", str(self.mpirun), "--wait", "20"]
        command += [
            "--floors",
            json.dumps(FLOORS),
            "--devices",
            str(self.folder / "cards"),
            *further,
        ]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, output: str) -> list[tuple[int, str]]:
        """Exit code and output of both pods."""
        self.output.write_text(output)
        pods = [self.start(index) for index in range(2)]
        said = [pod.communicate(timeout=60)[0] for pod in pods]
        return [(pod.returncode, text) for pod, text in zip(pods, said, strict=True)]

    def result(self, index: int) -> dict:
        (file,) = (self.folder / f"results-{index}").glob(f"*-job-{index}.json")
        return json.loads(file.read_text())


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    cards(tmp_path / "cards")
    return Pair(tmp_path)


def test_both_pods_run_and_store_their_results(pair: Pair):
    (leader, worker) = pair.run(printed())
    assert leader[0] == 0, leader[1]
    assert worker[0] == 0, worker[1]
    assert "ok   nothing is below its floor" in leader[1]
    assert pair.daemon.read_text() == "daemon\n", "the second pod ran the command of Open MPI"
    assert pair.result(0)["figures"]["busGbs"] == 365.375
    assert pair.result(1)["figures"] == {}
    assert [len(pair.result(index)["links"]) for index in range(2)] == [8, 8]
    assert [pair.result(index)["node"] for index in range(2)] == ["node-0", "node-1"]
    assert pair.result(0)["floors"] == FLOORS
    assert all((pair.folder / f"results-{index}" / "done").exists() for index in range(2))


def test_open_mpi_gets_all_gpus_the_sizes_and_the_variables_of_rccl(pair: Pair):
    pair.run(printed())
    given = json.loads(pair.seen.read_text())
    assert given[given.index("-H") + 1] == "127.0.0.1:8,127.0.0.1:8"
    assert given[given.index("-np") + 1] == "16"
    assert "NCCL_IB_HCA" in given
    assert "--leave-session-attached" in given, "else the daemon ends with its command"
    assert given[-11:] == [
        "/workspace/rccl-tests/build/all_reduce_perf",
        *("-b", "1G", "-e", "16G", "-f", "2", "-g", "1", "-n", "50"),
    ]


def test_a_figure_below_its_floor_fails_with_a_line_and_is_stored(pair: Pair):
    leader, worker = pair.run(printed(200.0))
    assert leader[0] == 1
    assert "BELOW average bus bandwidth 200 GB/s, floor 350" in leader[1]
    assert worker[0] == 0, "its links are good"
    assert pair.result(0)["below"] == ["average bus bandwidth 200 GB/s, floor 350"]


def test_a_bad_link_fails_the_pod_of_its_node(pair: Pair):
    shutil.rmtree(pair.folder / "cards" / "mlx5_7")
    leader, worker = pair.run(printed())
    for code, said in (leader, worker):
        assert code == 1
        assert "BELOW 7 RDMA devices, floor 8" in said


def test_a_run_without_figures_fails_and_ends_the_wait_for_its_result(pair: Pair):
    leader, _ = pair.run("no figures\n")
    assert leader[0] == 1
    assert "FAIL the output of rccl-tests has no bus bandwidth" in leader[1]
    assert pair.result(0)["failed"]
    assert (pair.folder / "results-0" / "done").exists()


def test_an_image_without_open_mpi_is_named(pair: Pair):
    pair.mpirun.unlink()
    leader = pair.start(0)
    said = leader.communicate(timeout=60)[0]
    assert leader.returncode == 1
    assert "FAIL" in said
    assert "mpirun could not run" in said


@pytest.mark.parametrize(("index", "said"), [(0, "did not fetch its command"), (1, "had no command")])
def test_a_pod_whose_other_pod_does_not_run_fails(pair: Pair, index: int, said: str):
    pair.output.write_text(printed())
    alone = pair.start(index, "--wait", "1")
    assert said in alone.communicate(timeout=60)[0]
    assert alone.returncode == 1


def test_only_the_pod_that_open_mpi_named_gets_the_command(pair: Pair):
    environment = {**os.environ, "ALL_REDUCE_PORT": pair.port, "ALL_REDUCE_WAIT": "5"}
    agent = subprocess.Popen(
        [sys.executable, str(pair.program), "agent", "10.9.9.9", "secret"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    got = b"none"
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", int(pair.port)), timeout=5) as caller:
                got = caller.recv(100)
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    agent.communicate(timeout=60)
    assert got == b""
    assert agent.returncode == 1
