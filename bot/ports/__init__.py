"""What the bot needs from the outside, one Protocol a role, and the neutral values that cross the border."""
