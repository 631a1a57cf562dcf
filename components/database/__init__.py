"""Databases: Autonomous Database, PostgreSQL, OCI Cache, OpenSearch, Streaming."""
