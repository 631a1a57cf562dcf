"""What pods of the cluster may do by OKE's workload identity, each service account for itself."""

from facts.policies import All, Anyone, Place, Statement, Test

from .principal_grants import Statements, Workload


def secret_reader_grants(reader: Workload, compartment_id: str) -> Statements:
    """Read secrets of the compartment's vaults, and nothing of their keys."""
    place = Place.of(compartment_id)
    where = All(reader.condition)
    return {
        f"{reader.service_account} reads secrets": Statement(
            subject=Anyone(), verb="read", resource="secret-family", place=place, where=where
        ),
        f"{reader.service_account} finds vaults": Statement(
            subject=Anyone(), verb="inspect", resource="vaults", place=place, where=where
        ),
    }


def result_keeper_grants(keeper: Workload, compartment_id: str, bucket: str) -> Statements:
    """Read and write objects of one bucket."""
    place = Place.of(compartment_id)
    mine = (*keeper.condition, Test("target.bucket.name", bucket))
    return {
        f"{keeper.service_account} keeps results": Statement(
            subject=Anyone(), verb="manage", resource="objects", place=place, where=All(mine)
        ),
        f"{keeper.service_account} finds the bucket": Statement(
            subject=Anyone(), verb="read", resource="buckets", place=place, where=All(mine)
        ),
    }
