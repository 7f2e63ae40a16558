/**
 * HTML from a file of this site as nodes of the page. The one place that makes nodes of HTML text.
 *
 * The file was made by the build, which let nothing into it that runs or loads from elsewhere; what
 * is parsed here runs no script, and the page's policy allows none.
 */

/** `base` is the address of the page that the HTML was written for. */
export function nodesOf(html: string, base: URL): Node[] {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const name of ["href", "src"]) {
    for (const element of body.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, new URL(element.getAttribute(name) ?? "", base).href);
    }
  }
  return Array.from(body.childNodes, (node) => document.importNode(node, true));
}
