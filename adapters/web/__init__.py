"""What the bot serves over HTTP: for now whether it is well, and its figures."""
