"""Every noun whose settings and component refuse the same values."""

from tests.infra.settings.nouns.compute import COMPUTE
from tests.infra.settings.nouns.data import DATA
from tests.infra.settings.nouns.logs import LOGS
from tests.infra.settings.nouns.network import NETWORK
from tests.infra.settings.nouns.noun import Noun
from tests.infra.settings.nouns.serving import SERVING
from tests.infra.settings.nouns.tenancy import TENANCY
from tests.infra.settings.nouns.watching import WATCHING

NOUNS: tuple[Noun, ...] = (*COMPUTE, *DATA, *LOGS, *NETWORK, *SERVING, *TENANCY, *WATCHING)
