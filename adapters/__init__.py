"""The edges: platforms, scheduling, telemetry and the system, each behind a port."""
