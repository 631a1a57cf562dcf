"""One layer for each noun. A layer creates its components from the settings. No layer imports another."""

from infra.loading import sdk_on_demand

# A layer is the first that imports the SDKs. In a deployment their classes are created as usual.
sdk_on_demand.install(classes=False)
