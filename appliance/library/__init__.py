"""Assets and their files: taking in, describing, showing, verifying."""
