/**
 * Shows an article that was saved: only the blocks between the first and the last that differ are
 * replaced, so that the demos and answers around them stay as the reader left them.
 */

const TOC = ".md-nav--secondary";

/** The page as it was served, of which only copies are shown: scripts change them. */
let served = fetched();

async function fetched() {
  const answer = await fetch(location.href, { cache: "no-store" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Fetches the page anew and puts in what has changed. */
export async function renewArticle() {
  const before = await served;
  served = fetched();
  const after = await served;
  const shown = document.querySelector("article");
  const [old, fresh] = [before, after].map((page) => page.querySelector("article"));
  if (!shown || !old || !fresh) return location.reload();
  swapBlocks(shown, [...old.children], [...fresh.children]);
  swapContents(before, after);
}

/**
 * @param {Element} shown
 * @param {Element[]} old
 * @param {Element[]} fresh
 */
function swapBlocks(shown, old, fresh) {
  const same = shown.children.length === old.length; // else a script of the theme's has been here
  const start = same ? alike(old, fresh, 0) : 0;
  const end = same ? alike(old.slice(start).reverse(), fresh.slice(start).reverse(), 0) : 0;
  const blocks = [...shown.children];
  const gone = blocks.slice(start, blocks.length - end);
  const next = blocks[blocks.length - end] ?? null;
  const come = fresh
    .slice(start, fresh.length - end)
    .map((block) => document.importNode(block, true));
  keepingPlace(gone, next, () => {
    for (const block of come) shown.insertBefore(block, next);
    for (const block of gone) block.remove();
  });
}

/**
 * How many of two lists are alike from the beginning.
 *
 * @param {Element[]} some
 * @param {Element[]} others
 * @param {number} count
 */
function alike(some, others, count) {
  while (some[count] && some[count]?.outerHTML === others[count]?.outerHTML) count += 1;
  return count;
}

/**
 * Changes blocks; what is in view stays where it is, if the change is all above it.
 *
 * @param {Element[]} gone
 * @param {Element | null} next
 * @param {() => void} change
 */
function keepingPlace(gone, next, change) {
  const above = gone.every((block) => block.getBoundingClientRect().bottom <= 0);
  const anchor = above && next ? next : document.body;
  const root = document.documentElement;
  root.style.overflowAnchor = "none"; // the browser's own idea of it would come on top
  const top = anchor.getBoundingClientRect().top;
  change();
  scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  requestAnimationFrame(() => (root.style.overflowAnchor = ""));
}

/**
 * Replaces the tables of contents that have changed.
 *
 * @param {Document} before
 * @param {Document} after
 */
function swapContents(before, after) {
  const [old, fresh] = [before, after].map((page) => [...page.querySelectorAll(TOC)]);
  document.querySelectorAll(TOC).forEach((shown, i) => {
    const come = fresh?.[i];
    if (come && come.outerHTML !== old?.[i]?.outerHTML)
      shown.replaceWith(document.importNode(come, true));
  });
}
