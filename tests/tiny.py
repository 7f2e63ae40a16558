"""A valid course in three texts, to be broken by tests."""

COURSE = """\
id: tiny
title: Tiny
lessons: [one]
claims: [math]
concepts:
  loss: {color: loss, words: [loss]}
"""
LESSON = """\
id: one
title: One lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - think_first: What comes next?
      - text: |
          The **loss** is {= -log(0.5) | .2f =} at one half.

          And $x^2$ is a formula.
      - demo:
          id: doubler
          title: A doubler
          run: sums:double
          try: Move it.
          controls:
            x: {slider: [0, 10], step: 1, start: 2, label: A number}
          expect: result == 4
      - callout:
          kind: insight
          text: Twice is more.
"""
DEMO = """\
def double(x: float) -> float:
    return 2 * x
"""
