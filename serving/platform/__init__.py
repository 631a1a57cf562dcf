"""The platform that a cluster needs before it runs models: charts, priority and storage classes, the secret store."""
