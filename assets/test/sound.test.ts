import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let tones = 0;
let mayResume = true;

/** The part of AudioContext that the page uses. */
class FakeAudio {
  currentTime = 0;

  resume(): Promise<void> {
    return mayResume ? Promise.resolve() : new Promise(() => undefined);
  }

  createOscillator(): object {
    return { frequency: {}, connect: (next: object) => next, start: () => (tones += 1), stop: () => undefined };
  }

  createGain(): object {
    const ramp = (): void => undefined;
    return {
      gain: { setValueAtTime: ramp, linearRampToValueAtTime: ramp, exponentialRampToValueAtTime: ramp },
      connect: ramp,
    };
  }
}

beforeEach(() => {
  tones = 0;
  mayResume = true;
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  vi.stubGlobal('AudioContext', FakeAudio);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('plays one sound for many messages', async () => {
  const { playSound } = await import('../src/app/sound');
  for (let n = 0; n < 300; n += 1) void playSound();
  await vi.advanceTimersByTimeAsync(0);
  expect(tones).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  await playSound();
  expect(tones).toBe(4);
});

test('drops sounds before the first interaction', async () => {
  const { playSound } = await import('../src/app/sound');
  mayResume = false;
  void playSound();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tones).toBe(0);
  mayResume = true;
  await playSound();
  expect(tones).toBe(2);
});
