"""Plain records of what a simulated GitHub stores, without rules and without response shapes."""
