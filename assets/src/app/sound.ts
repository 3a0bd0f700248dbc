// The sound of a new message.

const MIN_INTERVAL_MS = 1_000;
/** A sound that would start later than this is dropped. */
const MAX_DELAY_MS = 500;

let context: AudioContext | undefined;
let lastSound = -Infinity;

/** Plays two soft tones, which need no file. Many calls within a second play them once. */
export async function playSound(): Promise<void> {
  const calledAt = performance.now();
  if (calledAt - lastSound < MIN_INTERVAL_MS) return;
  lastSound = calledAt;
  context ??= new AudioContext();
  await context.resume(); // waits until the user has interacted with the page
  if (performance.now() - calledAt > MAX_DELAY_MS) return;
  const { currentTime: now } = context;
  for (const [frequency, at] of [
    [660, 0],
    [880, 0.09],
  ] as const) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, now + at);
    volume.gain.linearRampToValueAtTime(0.08, now + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0005, now + at + 0.25);
    tone.connect(volume).connect(context.destination);
    tone.start(now + at);
    tone.stop(now + at + 0.3);
  }
}
