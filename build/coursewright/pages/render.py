"""A lesson and its baked outputs as a page: Markdown headings, semantic HTML between them.

The page reads fully without JavaScript; what the browser side needs stands in its attributes.
"""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..baking.bake import Baked
from ..cache import Cache
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Path
from ..language.signatures import Function, typed
from ..language.source import Source
from ..language.spec import Block, Callout, CalloutBlock, Choice, Demo, DemoBlock, Slider, TextBlock
from . import charts, elements
from .prose import Prose

LABELS = {
    "insight": "Key insight",
    "misconception": "Often misunderstood",
    "depth": "Mathematical depth",
    "real_world": "In the real world",
    "analogy": "Think of it as",
}
KINDS = {"paper": "paper", "talk": "talk", "book": "book", "code": "code", "page": "web page"}


@dataclass(frozen=True)
class Page:
    """One page for the site builder: where it goes and its Markdown."""

    path: str
    title: str
    markdown: str


class Renderer:
    """Renders the lessons of one course."""

    def __init__(self, course: Course, prose: Prose, cache: Cache, runtime_bytes: int) -> None:
        self.course, self.prose, self.cache = course, prose, cache
        self.runtime_bytes = runtime_bytes

    def page(self, lesson: CourseLesson, baked: Baked) -> Page:
        """A lesson's page."""
        spec = lesson.spec
        parts = [front_matter(spec.title, spec.summary), self.header(lesson), no_script(lesson)]
        count = len(spec.sections)
        for s, section in enumerate(spec.sections):
            parts.append(place(s + 1, count))
            parts.append(f"## {markdown_text(section.title)} {{#{section.id}}}")
            for b, block in enumerate(section.blocks):
                parts.append(self.block(block, ("sections", s, "blocks", b), lesson, baked))
        parts.append(references(lesson))
        text = "\n\n".join(part for part in parts if part) + "\n"
        return Page(f"lessons/{spec.id}.md", spec.title, text)

    def header(self, lesson: CourseLesson) -> str:
        """What a reader wants to know first."""
        spec, lessons = lesson.spec, self.course.lessons
        number = lessons.index(lesson) + 1
        meta = [f"{spec.minutes} minutes", counted(len(spec.sections), "concept")]
        items = "".join(f"<li>{item}</li>" for item in [*meta, "Runs in your browser"])
        goals = "".join(f"<li>{escape(goal)}</li>" for goal in spec.objectives)
        after = f'<p class="cw-label">After this you can</p><ul>{goals}</ul>' if goals else ""
        return "\n\n".join(
            [
                html_block(f'<p class="cw-kicker">Lesson {number} of {len(lessons)}</p>'),
                f"# {markdown_text(spec.title)} {{#lesson}}",
                html_block(
                    f'<p class="cw-lede">{escape(spec.summary)}</p><ul class="cw-meta">{items}</ul>'
                    + (f'<div class="cw-goals">{after}</div>' if after else ""),
                    "cw-lesson-head",
                ),
            ]
        )

    def block(self, block: Block, path: Path, lesson: CourseLesson, baked: Baked) -> str:
        """One block of a section."""
        if isinstance(block, DemoBlock):
            return html_block(self.demo(block.demo, (*path, "demo"), baked, lesson.source))
        if isinstance(block, TextBlock):
            text = self.prose.html(block.text, (*path, "text"), baked, lesson.source)
            return html_block(text, "cw-text")
        if isinstance(block, CalloutBlock):
            at = (*path, "callout", "text")
            text = self.prose.html(block.callout.text, at, baked, lesson.source)
            return html_block(callout(block.callout, text))
        at = (*path, "think_first")
        text = self.prose.html(block.think_first, at, baked, lesson.source)
        return html_block(
            f'<aside class="cw-think"><p class="cw-label">Think first</p>{text}</aside>'
        )

    def demo(self, demo: Demo, path: Path, baked: Baked, source: Source) -> str:
        """A demo with its baked output, to be brought to life by the page's custom element."""
        function = self.course.function(demo.run)
        assert function is not None  # the checks came first
        controls = "".join(control(demo, name, function) for name in demo.controls)
        at = (*path, "run")
        outputs = "".join(self.output(bundle, at, source) for bundle in baked.displays[path])
        attributes = {
            "class": "cw-demo",
            "id": demo.id,
            "data-run": demo.run,
            "data-runtime": "../../assets/runtime/",
            "data-bytes": str(self.runtime_bytes),
            "aria-labelledby": f"{demo.id}-title",
        }
        code = highlight(
            self.course.modules[demo.run.partition(":")[0]].text,
            PythonLexer(),
            HtmlFormatter(nowrap=True),
        )
        return (
            f"<cw-demo{written(attributes)}>"
            f'<div class="cw-demo-head"><h3 id="{demo.id}-title">{escape(demo.title)}</h3></div>'
            f'<p class="cw-demo-try">{escape(demo.try_)}</p>'
            + (f'<fieldset class="cw-controls" disabled>{controls}</fieldset>' if controls else "")
            + f'<div class="cw-outputs">{outputs}</div>'
            '<div class="cw-foot"><details class="cw-source"><summary>Show the Python</summary>'
            f'<div class="highlight"><pre tabindex="0"><code>{code}</code></pre></div></details>'
            '<p class="cw-status"></p></div></cw-demo>'
        )

    def output(self, bundle: dict[str, Any], path: Path, source: Source) -> str:
        """One display in the richest form a page can hold; what cannot be drawn is reported."""
        tree = bundle.get("application/vnd.nudge.elements+json")
        spec = bundle.get("application/vnd.vegalite.v6+json")
        if spec is not None:
            try:
                svg = charts.baked(spec, self.cache)
            except charts.ChartError as error:
                source.report(path, f"cannot draw the chart: {error}")
                return ""
            return wrapped("chart", chart(spec, svg, tree))
        if tree is not None:
            return wrapped("elements", elements.html(tree))
        return wrapped("text", f"<pre>{escape(str(bundle.get('text/plain', '')))}</pre>")


def wrapped(kind: str, html: str) -> str:
    """A display in its output box."""
    return f'<div class="cw-output" data-kind="{kind}">{html}</div>'


def chart(spec: dict[str, Any], svg: str, table: Any) -> str:
    """A chart as figure, with its data folded below."""
    summary = escape(str(spec.get("description", "")))
    data = (
        '<details class="cw-data"><summary>Data table</summary>'
        f'<div class="cw-table">{elements.html(table)}</div></details>'
    )
    return (
        f'<figure class="cw-chart"><div class="cw-chart-plot">{svg}</div>'
        f'<figcaption class="cw-chart-summary">{summary}</figcaption></figure>'
        + (data if table is not None else "")
    )


def control(demo: Demo, name: str, function: Function) -> str:
    """One control, disabled until the page's script can answer it."""
    spec = demo.controls[name]
    if isinstance(spec, Slider):
        return slider(spec, name, f"{demo.id}-{name}")
    return choice(spec, name, f"{demo.id}-{name}", function.parameters[name])


def slider(spec: Slider, name: str, identifier: str) -> str:
    """A slider beside a box for the exact number."""
    low, high = spec.slider
    ends = {"min": number(low), "max": number(high), "step": number(spec.step)}
    common = {**ends, "value": number(spec.start), "autocomplete": "off"}
    exact = {**common, "aria-label": f"{spec.label}, exact"}
    return (
        f'<div class="cw-control" data-name="{name}" data-kind="slider">'
        f'<label for="{identifier}">{escape(spec.label)}</label>'
        f'<input type="range" id="{identifier}"{written(common)}>'
        f'<input type="number"{written(exact)}>'
        '<p class="cw-control-note" role="status"></p></div>'
    )


def choice(spec: Choice, name: str, identifier: str, annotation: str) -> str:
    """Named options, each with the value Python gets."""
    labels = []
    for i, (label, text) in enumerate(spec.choice.items()):
        value = escape(json.dumps(typed(text, annotation)))
        checked = " checked" if label == spec.start else ""
        labels.append(
            f'<label data-value="{value}"><input type="radio" name="{identifier}" value="{i}"'
            f'{checked} autocomplete="off"><span>{escape(label)}</span></label>'
        )
    return (
        f'<fieldset class="cw-control cw-choice" data-name="{name}" data-kind="choice">'
        f"<legend>{escape(spec.label)}</legend>{''.join(labels)}</fieldset>"
    )


def callout(spec: Callout, text: str) -> str:
    """A callout in its role; depth is folded."""
    label = LABELS[spec.kind]
    name = f"cw-callout cw-{spec.kind.replace('_', '-')}"
    if spec.kind == "depth":
        return (
            f'<details class="{name}"><summary class="cw-label">{label}</summary>{text}</details>'
        )
    return f'<aside class="{name}"><p class="cw-label">{label}</p>{text}</aside>'


def no_script(lesson: CourseLesson) -> str:
    """What a reader whose browser runs no script is told about the lesson's demos, once."""
    if not any(demo.controls for _, demo in lesson.spec.demos()):
        return ""
    return html_block(
        '<noscript><p class="cw-noscript">Demos show their starting values; with JavaScript they '
        "answer as you move the controls.</p></noscript>"
    )


def place(number: int, count: int) -> str:
    """Where the reader is: words, and a rail of one mark per concept."""
    marks = "".join('<i class="on"></i>' if i < number else "<i></i>" for i in range(count))
    words = f'<p class="cw-concept">Concept {number} of {count}</p>'
    return html_block(f'{words}<div class="cw-rail" aria-hidden="true">{marks}</div>')


def references(lesson: CourseLesson) -> str:
    """The works the lesson rests on, at its end."""
    if not lesson.spec.sources:
        return ""
    items = "".join(
        f'<li><a href="{escape(source.url)}">{escape(source.title)}</a> ({KINDS[source.kind]})</li>'
        for source in lesson.spec.sources
    )
    return "## Sources {#sources}\n\n" + html_block(f"<ul>{items}</ul>", "cw-sources")


def front_matter(title: str, description: str) -> str:
    """The page's metadata: JSON, which is YAML without its traps; themes paste it in as HTML."""
    return (
        f"---\ntitle: {json.dumps(escape(title))}\n"
        f"description: {json.dumps(escape(description))}\n---"
    )


def html_block(html: str, name: str = "cw-block") -> str:
    """HTML that Markdown passes on untouched."""
    return f'<div class="{name}">{html}</div>'


def markdown_text(text: str) -> str:
    """A title inside Markdown: its special characters are text."""
    return "".join("\\" + c if c in "\\`*_{}[]()#+!|" else escape(c) for c in text)


def written(attributes: dict[str, str]) -> str:
    """Attributes as HTML writes them."""
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def number(value: float) -> str:
    """A number as short as it can be said.

    >>> number(0.5), number(3.0), number(0.001)
    ('0.5', '3', '0.001')
    """
    return f"{value:.10g}"


def counted(count: int, noun: str) -> str:
    """A count in words: `1 concept`, `4 concepts`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
