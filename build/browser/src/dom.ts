/** `h("p", { class: "note" }, ["text", node])`: an element. Strings become text, never HTML. */

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  children: (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The page's base-relative address in a data attribute, always ending in a slash. */
export function addressIn(element: HTMLElement, name: string): URL {
  const written = element.dataset[name] ?? "";
  return new URL(written.endsWith("/") ? written : `${written}/`, document.baseURI);
}
