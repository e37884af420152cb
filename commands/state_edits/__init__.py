"""Commands that edit the state alone: they let go of resources, or let names follow GitHub."""
