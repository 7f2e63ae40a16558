"""What names something else in a lesson: a prediction its demo, an option its misconception."""

from .blocks import PredictBlock
from .diagnostics import did_you_mean
from .review import Multi, Single
from .source import Source
from .spec import Lesson


def check_references(spec: Lesson, source: Source) -> None:
    """Report names of things that are not there."""
    demos = [demo.id for _, demo in spec.demos()]
    for path, block in spec.blocks():
        if isinstance(block, PredictBlock) and block.predict.then not in (None, "", *demos):
            message = f"expected a demo of this lesson, got {block.predict.then!r}"
            hint = did_you_mean(block.predict.then or "", demos)
            source.report((*path, "predict", "then"), message, hint)
    check_misconceptions(spec, source)


def check_misconceptions(spec: Lesson, source: Source) -> None:
    """Options of the quiz name misconceptions that `teach_back` describes."""
    known = [each.id for each in spec.teach_back.misconceptions] if spec.teach_back else []
    for q, question in enumerate(spec.quiz):
        for o, option in enumerate(
            question.options if isinstance(question, Single | Multi) else []
        ):
            if option.misconception not in (None, "", *known):
                message = f"expected a misconception of `teach_back`, got {option.misconception!r}"
                hint = did_you_mean(option.misconception or "", known)
                hint = hint or "Describe it under `teach_back: misconceptions:`."
                source.report(("quiz", q, "options", o, "misconception"), message, hint)
