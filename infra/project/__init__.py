"""The project on disk: its stack files, and the folder of the code that runs."""
