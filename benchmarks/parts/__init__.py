"""What benchmarks share: databases to fill, servers to start, clients that press Submit."""
