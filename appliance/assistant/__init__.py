"""The conversation beside the results."""
