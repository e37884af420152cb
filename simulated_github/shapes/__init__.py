"""Records as GitHub's API shows them, with URLs of the simulator."""
