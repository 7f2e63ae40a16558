"""Demos that train."""
