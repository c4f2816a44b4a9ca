"""The local platform: a room of sample people in memory, played in the terminal and later in the browser."""
