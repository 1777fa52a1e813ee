"""Sharing: clean copies for guests, their proof, and the receipt of what was removed."""
