// Joins many changes into one call per frame.

/** A hidden page draws no frames, so a timer is the fallback. */
const MAX_DELAY_MS = 100;

/** Returns a function that requests a call of `callback` with the next frame. More requests until then have no effect. */
export function oncePerFrame(callback: () => void): () => void {
  let isRequested = false;
  return () => {
    if (isRequested) return;
    isRequested = true;
    const call = (): void => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      isRequested = false;
      callback();
    };
    const timer = setTimeout(call, MAX_DELAY_MS);
    const frame = requestAnimationFrame(call);
  };
}
