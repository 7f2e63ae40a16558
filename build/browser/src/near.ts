/** Parts of a page that come to life when they are near. */

const NEAR = "800px";

/** Acts once, when an element is about to come into view. */
export function whenNear(root: HTMLElement, signal: AbortSignal, act: () => void): void {
  const watching = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watching.disconnect();
      act();
    },
    { rootMargin: NEAR },
  );
  watching.observe(root);
  signal.addEventListener("abort", () => watching.disconnect());
}
