"""Slack: messages as blocks, forms as modals, what arrives as the core's own values, and the wiring between them."""
