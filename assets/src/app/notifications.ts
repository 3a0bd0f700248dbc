// Notifications of the browser.

/** Requests the user's permission if the user has not decided yet. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (Notification.permission === 'default') await Notification.requestPermission();
  return Notification.permission === 'granted';
}

/** Returns a function that closes the notification. */
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
    return () => undefined; // Chrome on Android allows notifications in service workers only
  }
}
