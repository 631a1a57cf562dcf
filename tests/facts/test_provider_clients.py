from facts.oci_api import clients
from facts.provider_clients import modelled_clients, provider_clients


def test_the_provider_registers_every_client_that_the_table_models_except_its_general_work_requests() -> None:
    assert len(modelled_clients()) == len(clients())
    assert modelled_clients() - set(provider_clients()) == {"oci_work_requests.WorkRequestClient"}


def test_the_first_part_of_the_paths_is_known_of_nearly_every_client() -> None:
    without = {name for name, part in provider_clients().items() if not part}
    assert "oci_object_storage.ObjectStorageClient" in without
    assert len(without) < len(provider_clients()) / 20
