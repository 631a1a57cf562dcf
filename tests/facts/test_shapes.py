from facts.limits import LIMITS
from facts.shapes import GPU_SHAPES, MI300X, SHAPES, find_shape


def test_an_mi300x_node_has_the_hardware_on_its_page() -> None:
    shape = MI300X
    assert find_shape("BM.GPU.MI300X.8") is shape
    assert (shape.gpus, shape.gpu_memory_gib) == (8, 192)
    assert (shape.gfx, shape.cores, shape.memory_gib) == ("gfx942", 112, 2048)
    assert shape.bare_metal, "there is no VM of MI300X"


def test_the_front_end_card_is_not_among_the_rdma_ports() -> None:
    hcas = [nic.hca for nic in MI300X.rdma_nics]
    assert hcas == [f"mlx5_{n}" for n in (0, 2, 3, 4, 5, 7, 8, 9)], "mlx5_1 is eth0"
    assert [nic.interface for nic in MI300X.rdma_nics] == [f"rdma{n}" for n in range(8)]
    assert MI300X.rdma_nics[0].pci == "0000:0c:00.0"
    assert MI300X.rdma_nics[-1].pci == "0000:d5:00.0"


def test_there_is_a_render_node_for_each_gpu() -> None:
    assert len(MI300X.render_nodes) == MI300X.gpus
    assert (MI300X.render_nodes[0], MI300X.render_nodes[-1]) == ("renderD128", "renderD184")


def test_mi355x_is_listed_under_all_three_names_with_its_own_cards() -> None:
    assert {name for name in GPU_SHAPES if "MI355X" in name} == {
        "BM.GPU.MI355X-v1.8",
        "BM.GPU.MI355X.8",
        "BM.GPU.MI355X-v0.8",
    }
    assert SHAPES["BM.GPU.MI355X.8"].rdma_nics[0].hca == "ionic_0"
    assert SHAPES["BM.GPU.MI355X-v1.8"].rdma_nics[0].hca == "mlx5_0"
    assert SHAPES["BM.GPU.MI355X-v0.8"].rdma_nics == (), "no source names its cards"


def test_every_shape_is_consistent_in_itself() -> None:
    for name, shape in SHAPES.items():
        assert name == shape.name
        assert name.startswith("BM." if shape.bare_metal else "VM."), name
        assert shape.flexible == name.endswith(".Flex"), name
        assert shape.flexible == (shape.max_ocpus is not None), name
        assert (shape.gpus > 0) == (shape.gpu_memory_gib is not None), name
        assert shape.gpu_limit_name is None or shape.gpu_limit_name in LIMITS, name


def test_wrong_shape_names_of_older_requirements_are_unknown() -> None:
    assert find_shape("BM.GPU4.8") is None
    assert find_shape("BM.GPU2.4") is None
    assert find_shape("bm.gpu.mi300x.8") is None, "OCI tells upper from lower case"
