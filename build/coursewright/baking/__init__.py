"""Baking: what a course computes is computed before a reader comes, and kept by its content."""
