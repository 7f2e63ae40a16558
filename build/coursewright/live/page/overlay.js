/** What is wrong with the course, over the page. All of it is text, never HTML. */

const MOST = 100; // problems; the terminal has them all

/** @type {HTMLDialogElement | null} */
let dialog = null;

/**
 * Shows what is wrong, in place of what was. Escape and the button put it away.
 *
 * @param {string} wrong
 * @param {import("./page.js").Problem[]} problems
 */
export function showWrong(wrong, problems) {
  dialog ??= document.body.appendChild(made());
  const count = problems.length;
  const title = count
    ? `${count} problem${count > 1 ? "s" : ""} in the course`
    : "The build failed";
  const told = count ? listed(problems) : part("pre", "", wrong);
  const close = part("button", "cw-wrong-close", "Close");
  close.addEventListener("click", hideWrong);
  const heading = part("h1", "", title);
  heading.id = "cw-wrong-title";
  const end = "What is below is as it was before. Save again when it is mended.";
  const foot = part("div", "cw-wrong-foot", part("p", "", end), close);
  dialog.replaceChildren(heading, told, foot);
  if (!dialog.open) dialog.showModal();
  close.focus({ preventScroll: true });
}

/** Puts away what was wrong. */
export function hideWrong() {
  dialog?.close();
}

function made() {
  const box = document.createElement("dialog");
  box.className = "cw-wrong";
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-labelledby", "cw-wrong-title");
  return box;
}

/** @param {import("./page.js").Problem[]} problems */
function listed(problems) {
  const shown = problems.slice(0, MOST).map(item);
  const more = problems.length - shown.length;
  if (more) shown.push(part("li", "", `and ${more} more, which the terminal lists`));
  const list = part("ul", "", ...shown);
  list.tabIndex = 0; // it may scroll
  return list;
}

/** @param {import("./page.js").Problem} problem */
function item({ file, line, column, path, message, fix }) {
  const said = path ? `${path}: ${message}` : message;
  const lines = [part("code", "", `${file}:${line}:${column}`), part("p", "", said)];
  return part("li", "", ...lines, ...(fix ? [part("pre", "", fix)] : []));
}

/**
 * @param {string} tag
 * @param {string} name
 * @param {(Node | string)[]} children
 */
function part(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}
