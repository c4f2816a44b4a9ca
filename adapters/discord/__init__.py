"""Discord: commands, forms and buttons in, messages and private threads out."""
