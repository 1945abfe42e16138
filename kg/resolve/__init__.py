"""Entities of single papers -> entities across papers."""

from kg.resolve.resolution import Resolution, resolve

__all__ = ["Resolution", "resolve"]
