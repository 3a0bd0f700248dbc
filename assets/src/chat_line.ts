// One text frame of the chat is one event, in a form made for people to read:
//   [IP]-[YYYY-MM-DD HH:MM:SS]-进入聊天室
//   [IP]-[YYYY-MM-DD HH:MM:SS]-说：MESSAGE
//   [IP]-[YYYY-MM-DD HH:MM:SS]-离开聊天室
// The page takes it apart again, so that it can lay it out and say it in the reader's language.

/** The wall clock of the server. The line names no time zone, so this is no instant. */
export interface WallTime {
  readonly date: string; // YYYY-MM-DD
  readonly time: string; // HH:MM:SS
}

export interface Entered {
  readonly kind: 'enter';
  readonly address: string;
  readonly at: WallTime;
}

export interface Said {
  readonly kind: 'say';
  readonly address: string;
  readonly at: WallTime;
  readonly message: string;
}

export interface Left {
  readonly kind: 'leave';
  readonly address: string;
  readonly at: WallTime;
}

/** A frame in no known form. It is shown as it came, for the server may have learnt a new one. */
export interface Other {
  readonly kind: 'other';
  readonly text: string;
}

export type ChatLine = Entered | Said | Left | Other;

// The form is matched from the start to the very end, and the message swallows everything after its
// colon: a message that quotes whole lines of the chat, newlines included, stays one message.
const FORM =
  /^\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]-\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\]-(?:(进入聊天室)|(离开聊天室)|说：([^]*))$/;

/** Never throws: what does not parse comes back as `other`. */
export function parseChatLine(text: string): ChatLine {
  const parts = FORM.exec(text);
  const address = parts?.[1];
  const date = parts?.[2];
  const time = parts?.[3];
  if (!parts || !address || !date || !time || !isAddress(address) || !isWallTime(date, time)) {
    return { kind: 'other', text };
  }
  const at: WallTime = { date, time };
  if (parts[4] !== undefined) return { kind: 'enter', address, at };
  if (parts[5] !== undefined) return { kind: 'leave', address, at };
  return { kind: 'say', address, at, message: parts[6] ?? '' };
}

/** Milliseconds on the server's wall clock, good for differences and for Intl with `timeZone: 'UTC'`. */
export function wallMilliseconds(at: WallTime): number {
  return Date.parse(`${at.date}T${at.time}Z`);
}

function isAddress(text: string): boolean {
  if (text.includes(':')) return true; // IPv6 has too many spellings to judge here
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}

function isWallTime(date: string, time: string): boolean {
  const milliseconds = wallMilliseconds({ date, time });
  // Date.parse takes 30 February for 1 March in some browsers; the way back shows it.
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(`${date}T${time}`);
}
