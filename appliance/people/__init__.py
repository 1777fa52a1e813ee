"""People: off until it is asked for, sealed while it is on, gone when it is off."""
