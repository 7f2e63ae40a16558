/** A TypeScript file bundled into one classic script, as text, with its CSP hash ("sha256-…"). */
declare module "inline:*" {
  export const source: string;
  export const sha256: string;
}

/** A TypeScript file bundled into a chunk of its own; where that is, relative to the entry. */
declare module "chunk:*" {
  export const path: string;
}
