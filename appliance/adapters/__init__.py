"""One file per outside library or program; nothing else imports it."""
