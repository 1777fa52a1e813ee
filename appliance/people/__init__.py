"""Faces, the people whose they are, and what was decided about them: off until asked, sealed while on, gone when off."""
