"""The command line's commands, by who needs them."""
