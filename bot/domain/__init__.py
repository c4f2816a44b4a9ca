"""What the bot decides, as pure functions of state, command and time."""
