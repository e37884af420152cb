"""What people do around `pulumi up`, one module for each command."""
