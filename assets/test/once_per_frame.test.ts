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

test('many changes are told once, with the next frame', () => {
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

test('a tab that is hidden before its next frame is told too, and goes on being told', () => {
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
