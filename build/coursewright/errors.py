"""What goes wrong without our fault is told in a sentence, never with a traceback."""


class CoursewrightError(Exception):
    """Something that its user can mend; says what was expected, what was found, what to do.

    Classes of their own are for those that callers tell apart, or that carry more than words.
    """


def told(error: CoursewrightError | OSError) -> str:
    """An error as a sentence; one of the system's names the file, if it is about one."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"cannot use {error.filename}: {error.strerror}" if error.filename else error.strerror
