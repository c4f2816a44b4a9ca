"""twoyes: two yeses, one introduction."""
