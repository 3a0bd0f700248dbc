// Drawing is told once a frame, however much has come.

/** A page in the background draws no frames, and may go there between two: then it is told all the same. */
const AT_THE_LATEST_MS = 100;

/** What is answered asks for a call of `tell`, however often it is called until then. */
export function onceAFrame(tell: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    const now = (): void => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      isAsked = false;
      tell();
    };
    const timer = setTimeout(now, AT_THE_LATEST_MS);
    const frame = requestAnimationFrame(now);
  };
}
