"""Every noun whose settings and component refuse the same."""

from tests.infra.noun import Noun
from tests.infra.nouns_compute import COMPUTE
from tests.infra.nouns_data import DATA
from tests.infra.nouns_network import NETWORK
from tests.infra.nouns_serving import SERVING

NOUNS: tuple[Noun, ...] = (*COMPUTE, *DATA, *NETWORK, *SERVING)
