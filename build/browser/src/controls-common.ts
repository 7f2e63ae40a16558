/** What the kinds of controls share. */

/** A control that lives. */
export interface Wired {
  value(): unknown;
  /** One of its values as the page shows it. */
  text(value: unknown): string;
  /** Sets it to what `text` would write, telling nobody; false if that is none of its values. */
  take(text: string): boolean;
}

/** Gives a control its life; null where its parts are not there. */
export type Wire = (part: HTMLElement, signal: AbortSignal, onChange: () => void) => Wired | null;

/** Something done when nothing has happened for a while. */
export function resting(milliseconds: number, signal: AbortSignal) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => clearTimeout(timer);
  signal.addEventListener("abort", cancel);
  return {
    cancel,
    begin(act: () => void) {
      cancel();
      timer = setTimeout(act, milliseconds);
    },
  };
}

/** The line under the control, announced politely. Its place is kept, so that nothing moves. */
export function noteBelow(part: HTMLElement, text: string): void {
  const line = part.querySelector(".cw-control-note");
  if (line && line.textContent !== text) line.textContent = text;
}
