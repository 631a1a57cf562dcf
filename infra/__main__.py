"""The program: one environment, layer by layer."""

import pulumi

from infra.context import create_context
from infra.layers.network import create_network
from infra.layers.storage import create_storage
from infra.program import read_settings

settings = read_settings()
context = create_context(settings)

network = create_network(settings, context)
storage = create_storage(settings, context)

pulumi.export("vcnId", network.vcn_id)
