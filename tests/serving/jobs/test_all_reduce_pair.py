"""A run of both pods of the all-reduce job. `mpirun` and `all_reduce_perf` are stand-ins: no test has two GPU nodes."""

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
from tests.serving.jobs.test_all_reduce import FLOORS, cards, printed
from tests.support.ports import free_port

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
        self.port = str(free_port())

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
        command += ["--names", "127.0.0.1", "127.0.0.1", "--mpirun", str(self.mpirun), "--wait", "60"]
        command += ["--floors", json.dumps(FLOORS), "--devices", str(self.folder / "cards"), *further]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, output: str) -> list[tuple[int, str]]:
        """Exit code and output of both pods."""
        self.output.write_text(output)
        pods = [self.start(index) for index in range(2)]
        said = [pod.communicate(timeout=120)[0] for pod in pods]
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
    assert leader[0] == all_reduce.NO_FIGURE
    assert "FAIL the output of rccl-tests has no bus bandwidth" in leader[1]
    assert pair.result(0)["failed"]
    assert (pair.folder / "results-0" / "done").exists()


def test_an_image_without_open_mpi_is_named(pair: Pair):
    pair.mpirun.unlink()
    leader = pair.start(0)
    said = leader.communicate(timeout=120)[0]
    assert leader.returncode == all_reduce.NO_FIGURE
    assert "FAIL" in said
    assert "mpirun could not run" in said


@pytest.mark.parametrize(("index", "said"), [(0, "did not fetch its command"), (1, "had no command")])
def test_a_pod_whose_other_pod_does_not_run_fails(pair: Pair, index: int, said: str):
    pair.output.write_text(printed())
    alone = pair.start(index, "--wait", "1")
    assert said in alone.communicate(timeout=120)[0]
    assert alone.returncode == all_reduce.NO_FIGURE


def test_a_waiting_pod_that_the_job_stops_stores_its_result_at_once(pair: Pair):
    with socket.create_server(("127.0.0.1", int(pair.port))) as leader:
        leader.settimeout(60)
        worker = pair.start(1)
        with leader.accept()[0]:
            worker.terminate()
            said = worker.communicate(timeout=120)[0]
    assert (worker.returncode, "FAIL the job was stopped" in said) == (all_reduce.NO_FIGURE, True), said
    assert pair.result(1)["failed"]
    assert (pair.folder / "results-1" / "done").exists()


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
    agent.communicate(timeout=120)
    assert got == b""
    assert agent.returncode == 1
