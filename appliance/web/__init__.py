"""The pages: handlers only, one file per screen."""
