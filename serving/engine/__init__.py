"""What an engine needs, as pure functions: memory, command line, environment, time to start and to stop."""
