"""Using the demos of a page as a reader would: one control moved, or Play pressed to the end."""

from playwright.sync_api import Page

DEMOS = "() => [...document.querySelectorAll('cw-demo')].map((demo) => demo.id)"
USED = """([id, patience]) => new Promise((done) => {
  const demo = document.getElementById(id);
  const outputs = demo.querySelector(".cw-outputs");
  const count = demo.querySelector(".cw-stream-count");
  const before = outputs.textContent;
  const start = performance.now();
  const find = (what) => demo.querySelector(`.cw-controls ${what}`);
  const finished = () =>
    count
      ? count.textContent.startsWith("ended")
      : outputs.getAttribute("aria-busy") !== "true" && outputs.textContent !== before;
  const look = () => {
    const failed = outputs.querySelector(".cw-error");
    const took = performance.now() - start;
    if (!failed && !finished() && took < patience) return;
    watching.disconnect();
    clearInterval(clock);
    done({ seconds: took / 1000, wrong: failed?.textContent ?? (finished() ? "" : "no answer") });
  };
  const watching = new MutationObserver(look);
  watching.observe(demo, { subtree: true, childList: true, characterData: true, attributes: true });
  const clock = setInterval(look, 1000);
  const set = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const slider = find("input[type=range]");
  const option = find("input[type=radio]:not(:checked)");
  if (count) count.textContent = "";  // what an earlier use left there
  if (count) demo.querySelector(".cw-stream button").click();
  else if (option) option.click();
  else if (slider) slider.value === slider.max ? slider.stepDown() : slider.stepUp();
  else if (find("button")) find("button").click();
  else set(find("input"), "the cat sat on the mat");
  if (!count && !option && slider) set(slider, slider.value);
})"""


def demos_of(page: Page) -> list[str]:
    """The ids of a page's demos, in order."""
    found: list[str] = page.evaluate(DEMOS)
    return found


def use(page: Page, demo: str, patience: float = 90) -> tuple[float, str]:
    """Use a demo once: the seconds until it has answered, or played to its end; what went wrong."""
    came = page.evaluate(USED, [demo, 1000 * patience])
    return came["seconds"], came["wrong"]
