"""Mantel: a private photo box for the home. The map of this package is docs/ARCHITECTURE.md."""

__version__ = "0.1.0"
