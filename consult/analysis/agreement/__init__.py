"""Coding part of the answers twice, how far two coders agree, and settling where they differ."""
