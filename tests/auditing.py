"""What axe-core and a few measures of our own find on a page, at rest and once it is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page
from using import demos_of, use

ROOT = Path(__file__).parents[1]
AXE = ROOT / "build" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The rule for 24 px is off in axe unless it is asked for by name.
RUN = """([tags]) => axe.run(document, {
  runOnly: { type: "tag", values: tags },
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => [
  id,
  node.target.flat(9).join(" "),
  [...node.any, ...node.all, ...node.none].map(({ message }) => message).join("; "),
])))"""
# A chart is hidden from nobody: an image with a name, a sentence that sums it up, its numbers.
CHARTS = """() => [...document.querySelectorAll("figure.cw-chart")]
  .filter((chart) => chart.checkVisibility())
  .flatMap((chart) => {
    const image = [...chart.querySelectorAll("[role=img]")].find((each) => each.checkVisibility());
    const table = (chart.closest(".cw-output") ?? chart).querySelector(".cw-data table");
    const parts = {
      name: image?.getAttribute("aria-label"),
      summary: chart.querySelector("figcaption")?.textContent.trim(),
      table: table?.rows.length > 1,
    };
    const demo = chart.closest("cw-demo")?.id ?? chart.id;
    return Object.keys(parts).filter((part) => !parts[part]).map((part) => `${demo}: no ${part}`);
  })"""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const beyond = (part) => part.getBoundingClientRect().right > width + 1;
  const boxes = [...document.querySelectorAll("body *")].filter((part) => part.checkVisibility());
  const name = (part) => `${part.localName}.${part.className}`;
  return [`${document.documentElement.scrollWidth} px: ${boxes.filter(beyond).map(name)[0]}`];
}"""
# Words that are there and cannot be seen whole: cut off below by a box that does not scroll.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((box) => box.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((box) => !box.closest(".katex, svg, [aria-hidden=true]"))
  .filter((box) => [...box.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((box) => {
    const { overflowY, overflowX, clipPath, position } = getComputedStyle(box);
    const spoken = clipPath !== "none" || (position === "absolute" && box.clientWidth <= 1);
    const cut = ([how, needed, given]) => ["hidden", "clip"].includes(how) && needed > given + 2;
    return !spoken && (cut([overflowY, box.scrollHeight, box.clientHeight])
      || cut([overflowX, box.scrollWidth, box.clientWidth]));
  })
  .map((box) => `${box.localName}.${box.className}: ${box.textContent.trim().slice(0, 40)}`)"""
MOVING = """() => document.getAnimations()
  .filter((each) => each.playState === "running" && each.effect.getTiming().duration > 1)
  .map((each) => each.effect.target.className || each.effect.target.localName)"""
# In forced colours an edge or a mark that only a background draws is gone.
EDGELESS = """() => [...document.querySelectorAll("button, textarea, select, input")]
  .filter((control) => control.checkVisibility({ visibilityProperty: true }))
  .filter((control) => !control.closest(".md-header, .md-nav"))  // icons and words of their own
  .filter((control) => {
    const style = getComputedStyle(control);
    const drawn = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
    return !drawn && style.outlineStyle === "none" && style.appearance === "none";
  })
  .map((control) => `${control.localName}.${control.className}: ${control.textContent.trim()}`)"""
# Each stop of the Tab key, forwards and back: is it drawn, on the screen, and not covered?
COVERED = """([backwards]) => {
  // Of radios that belong together, one is a stop: that which is chosen.
  const other = (radio) => !radio.checked &&
    document.querySelector(`input[name="${CSS.escape(radio.name)}"]:checked`);
  const stops = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable=true]")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
    .filter((each) => each.tabIndex >= 0 && !(each.type === "radio" && other(each)));
  const name = (each) => `${each.localName}.${each.className}: ${each.textContent.trim()}`;
  const drawn = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const ringed = (each) =>
    [each, each.closest("label"), each.nextElementSibling].some((box) => box && drawn(box));
  const seen = (each) => {  // some of it: what is larger than the screen cannot be seen whole
    const around = each.closest("label") ?? each;
    const box = around.getClientRects()[0];
    const [above, below] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    return [above + 4, (above + below) / 2, below - 4].some((y) => {
      const top = document.elementFromPoint(x, y);
      return top && (around.contains(top) || each.nextElementSibling?.contains(top));
    });
  };
  const wrong = [];
  for (const each of backwards ? stops.reverse() : stops) {
    each.focus();
    if (document.activeElement !== each) continue;  // what it opened took the focus
    if (!ringed(each)) wrong.push(`no ring: ${name(each)}`.slice(0, 120));
    if (!seen(each)) wrong.push(`covered: ${name(each)}`.slice(0, 120));
  }
  return wrong;
}"""
# Demos far from the screen are not drawn, nor measured by the page: look at them as readers will.
DRAWN = """() => {
  if (!document.adoptedStyleSheets.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".cw-outputs { content-visibility: visible !important }");
    document.adoptedStyleSheets = [sheet];
  }
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# The reader's own type size, which `rem` and media queries in `em` both follow.
LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}
USUAL = {"fontSizes": {"standard": 16, "fixed": 13}}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the rule, the part of the page, and what is said of it."""

    rule: str
    where: str
    why: str = ""

    def __str__(self) -> str:
        return " | ".join(filter(None, (self.rule, self.where, " ".join(self.why.split()))))


def axe(page: Page) -> list[Finding]:
    """What axe-core finds on the page as it stands, from its top: lines pass below the header."""
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    settle(page)
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [Finding(*found) for found in page.evaluate(RUN, [TAGS])]


def settle(page: Page) -> None:
    """Wait until all is drawn and nothing fades or slides: half-faded words have no contrast."""
    page.evaluate(DRAWN)
    page.evaluate("""() => Promise.allSettled(document.getAnimations()
      .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
      .map((each) => each.finished))""")


def measured(page: Page, rule: str, script: str) -> list[Finding]:
    """What one of our own measures finds."""
    return [Finding(rule, str(found)) for found in page.evaluate(script)]


def at_rest(page: Page) -> list[Finding]:
    """What is wrong with a page as it stands: axe, its charts, its width."""
    return [*axe(page), *measured(page, "chart", CHARTS), *measured(page, "reflow", WIDER)]


def with_large_type(page: Page) -> list[Finding]:
    """What is lost once the reader's type is twice as large."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", LARGE)
    settle(page)
    found = [*measured(page, "large type", WIDER), *measured(page, "large type cut", CUT)]
    session.send("Page.setFontSizes", USUAL)
    session.detach()
    return found


def with_forced_colors(page: Page) -> list[Finding]:
    """What a reader's own colours take away."""
    page.emulate_media(forced_colors="active")
    found = [*axe(page), *measured(page, "forced colours", EDGELESS)]
    page.emulate_media(forced_colors="none")
    return found


def covered(page: Page) -> list[str]:
    """The stops of the Tab key at which one cannot see where one is."""
    page.keyboard.press("Tab")  # from here on the browser draws rings
    found = [*page.evaluate(COVERED, [False]), *page.evaluate(COVERED, [True])]
    return list(dict.fromkeys(found))


def use_all(page: Page, demos: bool = True) -> Iterator[Finding]:
    """Use everything a page offers: demos, code, questions, cards, the explanation, disclosures."""
    for demo in demos_of(page) if demos else []:
        page.locator(f"[id='{demo}']").scroll_into_view_if_needed()
        _, wrong = use(page, demo)
        if wrong:
            yield Finding("demo", demo, wrong)
    answer_all(page)
    explain(page)
    unfold(page)


def unfold(page: Page) -> None:
    """Open every disclosure, cards among them."""
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => each.open = true)")


def answer_all(page: Page) -> None:
    """Answer every question and prediction, right or wrong."""
    for asked in page.locator(".cw-question, .cw-predict").all():
        asked.scroll_into_view_if_needed()
        check = asked.get_by_role("button", name="Check").or_(
            asked.get_by_role("button", name="Commit")
        )
        check.first.wait_for()
        for choice in asked.locator("input[type=radio], input[type=checkbox]").all()[:1]:
            choice.check(force=True)
        for box in asked.locator("input[type=text]").all():
            box.fill("0.4")
        check.first.click()


def explain(page: Page) -> None:
    """Explain the lesson back, and mark it oneself."""
    back = page.locator("cw-teach-back")
    if not back.count():
        return
    back.scroll_into_view_if_needed()
    back.get_by_label("Your explanation").fill("It guesses the next word from the words before.")
    back.get_by_role("button", name="Mark it yourself").click()
    marking = back.get_by_role("region", name="Mark it yourself")
    for met in marking.get_by_label("Met", exact=True).all():
        met.check(force=True)
    marking.get_by_role("button", name="Show my score").click()
    back.get_by_role("region", name="Result").wait_for()


def search(page: Page) -> None:
    """Open the search with something found."""
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.querySelector('#__search').click()")
    asked = page.locator(".md-search__input")
    asked.fill("")
    asked.press_sequentially("loss")  # it listens to keys only
    page.locator(".md-search-result__link").first.wait_for()


def leave_search(page: Page) -> None:
    """Close it again."""
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#__search').checked = false")


def toggle_drawer(page: Page) -> None:
    """Open or close the navigation of a narrow page."""
    page.evaluate("document.querySelector('#__drawer').click()")
