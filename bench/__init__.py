"""Measures what this bot costs as ratios to a floor measured in the same run, and fails past a gate."""
