"""Plain records of the objects of a simulated GitHub, without rules and response shapes."""
