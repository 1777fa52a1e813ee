"""Sealing and its keys: docs/vault.md is the specification."""
