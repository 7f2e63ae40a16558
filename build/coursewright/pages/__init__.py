"""Pages: a lesson and what its Python gave, as Markdown and HTML that read without JavaScript."""
