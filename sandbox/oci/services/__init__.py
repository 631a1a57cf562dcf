"""What is particular to one service of OCI: a module each, or a folder where one would be too long."""
