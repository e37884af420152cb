"""What a simulated GitHub remembers: plain records, without rules and without the shapes of answers."""
