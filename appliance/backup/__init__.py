"""Backups through restic: what must be in which repository, what really is, and whether it can be trusted."""
