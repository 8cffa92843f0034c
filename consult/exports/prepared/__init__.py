"""Long exports: written by the worker, kept on the disk for a day, void once something in them is taken back."""
