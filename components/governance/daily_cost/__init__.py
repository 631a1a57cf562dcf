"""The function that publishes the cost of a day, and the files from which its image is built."""
