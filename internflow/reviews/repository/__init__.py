"""What only a reviewer sees who knows the whole tree: callers, users, copies, tests, documentation, weight."""
