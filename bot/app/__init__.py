"""The use cases: load, decide, save, queue; then deliver."""
