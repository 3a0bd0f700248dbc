// What calls the reader back: the tab's title and icon, a notification, a sound.

const MOST_COUNTED = 99;

export function showCount(room: string, count: number): void {
  const shown = count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count);
  document.title = `${count > 0 ? `(${shown}) ` : ''}${room} · coroom`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const wanted = new URL(count > 0 ? 'favicon-unread.svg' : 'favicon.svg', icon?.href).href;
  if (icon && icon.href !== wanted) icon.href = wanted;
}

/** Answers whether the browser lets the page notify; asks the reader if nobody has yet. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (Notification.permission === 'default') await Notification.requestPermission();
  return Notification.permission === 'granted';
}

/** Returns what closes the notification. */
export function notify(title: string, body: string, tag: string, onClick: () => void): () => void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return () => undefined;
  try {
    const notification = new Notification(title, { body: body.slice(0, 200), tag });
    notification.onclick = () => {
      window.focus();
      onClick();
      notification.close();
    };
    return () => notification.close();
  } catch {
    return () => undefined; // Chrome on Android has notifications for service workers alone
  }
}

const SOUND_EVERY_MS = 1_000;
/** A sound that comes later calls nobody to what has just been said. */
const SOUND_LATE_MS = 500;

let context: AudioContext | undefined;
let lastSound = -Infinity;

/** Two soft tones, made here: no file has to be loaded. For many messages at once they sound once. */
export async function playSound(): Promise<void> {
  const called = performance.now();
  if (called - lastSound < SOUND_EVERY_MS) return;
  lastSound = called;
  context ??= new AudioContext();
  await context.resume(); // a page that has not been touched may make no sound: until it is, this waits
  if (performance.now() - called > SOUND_LATE_MS) return;
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
