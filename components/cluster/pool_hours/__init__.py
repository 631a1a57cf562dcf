"""The function that sets the sizes of node pools, and the files from which its image is built."""
