"""The blocks of a section as HTML, each complete without JavaScript."""

from html import escape

from ..language.blocks import (
    Block,
    Callout,
    CalloutBlock,
    CellBlock,
    DemoBlock,
    ExerciseBlock,
    Image,
    ImageBlock,
    PredictBlock,
    StepsBlock,
    Table,
    TableBlock,
    TextBlock,
    ThinkFirstBlock,
    Video,
    VideoBlock,
)
from ..language.diagnostics import Path
from .code import cell_html, exercise_html
from .demos import demo_html
from .here import Here
from .html import html_block, label, number, written
from .questions import predict_html

IMAGES = "assets/images"  # where the site keeps the course's images


def block_html(block: Block, path: Path, here: Here) -> str:
    """One block of a section."""
    match block:
        case TextBlock(text=text):
            return html_block(here.prose_html(text, (*path, "text")), "cw-text")
        case ThinkFirstBlock(think_first=text):
            inside = here.prose_html(text, (*path, "think_first"))
            return html_block(
                f'<aside class="cw-think">{label(here.words("page.think-first"))}{inside}</aside>'
            )
        case CalloutBlock(callout=callout):
            return html_block(callout_html(callout, (*path, "callout"), here))
        case StepsBlock(steps=steps):
            return html_block(steps_html(steps, (*path, "steps"), here))
        case TableBlock(table=table):
            return html_block(table_html(table, (*path, "table"), here))
        case ImageBlock(image=image):
            return html_block(image_html(image, (*path, "image"), here))
        case VideoBlock(video=video):
            return html_block(video_html(video, here))
        case PredictBlock(predict=predict):
            return html_block(predict_html(predict, (*path, "predict"), here))
        case CellBlock(cell=cell):
            return html_block(cell_html(cell, (*path, "cell"), here))
        case ExerciseBlock(exercise=exercise):
            return html_block(exercise_html(exercise, (*path, "exercise"), here))
        case DemoBlock(demo=demo):
            return html_block(demo_html(demo, (*path, "demo"), here))


def callout_html(callout: Callout, path: Path, here: Here) -> str:
    """A callout in its role; depth is folded."""
    inside = here.prose_html(callout.text, (*path, "text"))
    kind = callout.kind.replace("_", "-")
    words = here.words(f"page.{kind}")
    name = f"cw-callout cw-{kind}"
    if callout.kind == "depth":
        summary = f'<summary class="cw-label">{escape(words, quote=False)}</summary>'
        return f'<details class="{name}">{summary}{inside}</details>'
    return f'<aside class="{name}">{label(words)}{inside}</aside>'


def steps_html(steps: list[str], path: Path, here: Here) -> str:
    """Numbered steps."""
    items = (here.prose_html(step, (*path, i)) for i, step in enumerate(steps))
    return f'<ol class="cw-steps">{"".join(f"<li>{item}</li>" for item in items)}</ol>'


def table_html(table: Table, path: Path, here: Here) -> str:
    """A table in a box of its own, which scrolls where the page is narrow."""
    heads = "".join(
        f'<th scope="col">{here.line_html(text, (*path, "columns", i))}</th>'
        for i, text in enumerate(table.columns)
    )
    rows = ""
    for r, row in enumerate(table.rows):
        cells = (here.line_html(text, (*path, "rows", r, c)) for c, text in enumerate(row))
        rows += f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    words = table.caption and here.line_html(table.caption, (*path, "caption"))
    caption = f"<caption>{words}</caption>" if words else ""
    body = f"{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="cw-table"><table class="data">{body}</table></div>'


def image_html(image: Image, path: Path, here: Here) -> str:
    """A figure. A browser loads it when it comes near."""
    room = here.prose.links.room(image.file)
    attributes = {"src": f"../../{IMAGES}/{image.file}", "alt": image.alt, **room}
    words = image.caption and here.line_html(image.caption, (*path, "caption"))
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f'<figure class="cw-image"><img{written(attributes)}>{caption}</figure>'


def video_html(video: Video, here: Here) -> str:
    """A link to a video, with what a reader wants to know before leaving the page."""
    minutes = here.words("page.video-minutes", number=number(video.minutes or 0))
    facts = [video.by, *([minutes] if video.minutes else [])]
    link = f'<a href="{escape(video.url)}" rel="noopener">{escape(video.title)}</a>'
    return (
        f'<aside class="cw-video">{label(here.words("page.video"))}<p>{link}</p>'
        f'<p class="cw-video-facts">{escape(" · ".join(facts))}</p></aside>'
    )
