/** What the kinds of controls share. */

/** Gives a control its life; returns how its value is read, or null where its parts are not there. */
export type Wire = (
  part: HTMLElement,
  signal: AbortSignal,
  onChange: () => void,
) => (() => unknown) | null;

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
export function say(part: HTMLElement, text: string): void {
  const line = part.querySelector(".cw-control-note");
  if (line && line.textContent !== text) line.textContent = text;
}
