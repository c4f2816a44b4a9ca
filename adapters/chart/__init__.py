"""The weekly chart as a picture."""
