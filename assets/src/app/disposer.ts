// Functions that start a listener or an interval return a disposer, which ends it.

export type Disposer = () => void;

/** Returns one disposer for several, which ends the last one first. */
export function disposerOf(...disposers: readonly Disposer[]): Disposer {
  return () => {
    for (const dispose of [...disposers].reverse()) dispose();
  };
}

export function listen(target: EventTarget, type: string, listener: (event: Event) => void): Disposer {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

/** Calls back at an interval. */
export function repeat(milliseconds: number, callback: () => void): Disposer {
  const timer = setInterval(callback, milliseconds);
  return () => clearInterval(timer);
}
