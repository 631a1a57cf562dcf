"""The real OCI command line, for the proofs: its exact pins would hold back those of this project."""
