"""What a cluster needs before models run in it: charts, priority and storage classes, the store of secrets."""
