"""Thin adapters: each imports bot and its own platform's library, never another adapter."""
