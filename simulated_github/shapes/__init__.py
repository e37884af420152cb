"""Records as GitHub's API shows them, with URLs that lead back to the simulator."""
