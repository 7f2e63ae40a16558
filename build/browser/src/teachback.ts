/** <cw-teach-back>: reads as it is; the form comes with a chunk of its own when it is near. */

const NEAR = "800px";

export function enhanceTeachBack(root: HTMLElement, signal: AbortSignal): void {
  const watching = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watching.disconnect();
      void import("./teachback/element.js").then(({ enhance }) => enhance(root, signal));
    },
    { rootMargin: NEAR },
  );
  watching.observe(root);
  signal.addEventListener("abort", () => watching.disconnect());
}
