"""The demos: each is a function whose arguments a reader sets."""
