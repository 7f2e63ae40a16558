"""Testing a course: everything it computes, run afresh; here, and in a real browser."""
