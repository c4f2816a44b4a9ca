"""The local room in the browser: a pane for each person, a story to be led through, and a clock to turn."""
