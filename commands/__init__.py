"""Commands that people run around `pulumi up`, one module for each."""
