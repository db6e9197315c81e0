"""HTTP in: each request is one command or query."""
