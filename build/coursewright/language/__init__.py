"""The lesson language: what an author can write, how it is read, and why it may be refused."""
