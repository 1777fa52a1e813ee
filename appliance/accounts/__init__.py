"""Who is looking: users, passwords, sessions and viewers."""
