"""The author's server: build, show, build again at every save."""
