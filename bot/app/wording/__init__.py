"""Every text a person reads, and nothing else."""
