import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { oncePerFrame } from '../src/app/once_per_frame';

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => {
    frames[handle - 1] = () => undefined;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const draw = (): void => frames.splice(0).forEach((callback) => callback());

test('joins changes into one call per frame', () => {
  const tell = vi.fn();
  const changed = oncePerFrame(tell);
  for (let n = 0; n < 5; n += 1) changed();
  draw();
  vi.advanceTimersByTime(1_000);
  expect(tell).toHaveBeenCalledTimes(1);
  changed();
  draw();
  expect(tell).toHaveBeenCalledTimes(2);
});

test('calls back in a hidden tab', () => {
  const tell = vi.fn();
  const changed = oncePerFrame(tell);
  changed();
  vi.advanceTimersByTime(200);
  expect(tell).toHaveBeenCalledTimes(1);
  changed();
  vi.advanceTimersByTime(200);
  draw();
  expect(tell).toHaveBeenCalledTimes(2);
});
