import { useEffect, useState } from 'preact/hooks';

/** Whether a media query holds, now and later. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setHolds(list.matches);
    list.addEventListener('change', look);
    look();
    return () => list.removeEventListener('change', look);
  }, [query]);
  return holds;
}

/** Draws again every so many milliseconds, while it is wanted. */
export function useTick(milliseconds: number, wanted: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, wanted]);
}
