"""Editions and the published view as files: `editions` and `data` render, the modules here fetch, choose and enter."""
