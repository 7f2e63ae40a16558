/** What code is written in: a plain box for text, then CodeMirror. Both answer to the same. */

export interface Surface {
  readonly element: HTMLElement;
  code: string;
  /** Whether the reader is at it. */
  readonly focused: boolean;
  /** What is selected, in characters from the beginning; without any, the caret. */
  selection: [from: number, to: number];
  focus(): void;
  /** Marks lines, counted from 1, as those that went wrong; none takes the marks away. */
  mark(lines: number[]): void;
}

/** What a surface calls when its code has changed, and when it is to be run. */
export interface Acts {
  change(): void;
  run(): void;
}
