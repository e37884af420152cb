"""A rehearsed release: real engine, git, build tools and package index with a simulated GitHub."""
