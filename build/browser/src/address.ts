/**
 * A demo's settings in an address: `#descent-1d?lr=0.3&draw=4`.
 *
 * They follow the "#", which a browser sends to nobody: what a reader typed stays between those
 * who have the link, no `?h=` of a search is in the way, and the page's cached copy still answers.
 */

/** What follows an address's "#" for a demo, and the settings that are to be told. */
export function fragmentOf(id: string, settings: [string, string][]): string {
  return settings.length > 0 ? `${id}?${new URLSearchParams(settings)}` : id;
}

/** The settings for a demo in what follows an address's "#"; null where there are none for it. */
export function settingsIn(fragment: string, id: string): Map<string, string> | null {
  const [name, settings] = [fragment.slice(0, id.length), fragment.slice(id.length)];
  return name === id && settings.startsWith("?") ? new Map(new URLSearchParams(settings)) : null;
}
