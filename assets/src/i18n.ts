// The two languages of the page. The browser's own list of languages decides; where it names neither,
// English is used. Dates and numbers follow the reader's exact locale: en-GB is not en-US.

import type { WallTime } from './chat_line';
import { wallMilliseconds } from './chat_line';

export interface Texts {
  readonly entered: string;
  readonly left: string;
  readonly log: string;
  readonly draft: string;
  readonly placeholder: string;
  readonly send: string;
  readonly hint: string;
  readonly newLines: string;
  readonly connecting: string;
  readonly connected: string;
  readonly offline: string;
  readonly stopped: string;
  readonly tryNow: string;
  readonly trying: string;
  readonly cameBack: string;
  readonly offlineDraft: string;
  readonly whyLost: string;
  readonly whyShutdown: string;
  readonly whyTooBig: string;
  readonly whyTooSlow: string;
  readonly whyStopped: (code: number) => string;
  readonly tryIn: (seconds: number) => string;
  readonly binary: (size: string) => string;
  readonly tooLong: (size: string, limit: string) => string;
}

const EN: Texts = {
  entered: 'entered the room',
  left: 'left the room',
  log: 'Conversation',
  draft: 'Message',
  placeholder: 'Write a message…',
  send: 'Send',
  hint: 'Enter sends, Shift + Enter starts a new line',
  newLines: 'New messages',
  connecting: 'Connecting…',
  connected: 'Connected',
  offline: 'Offline',
  stopped: 'Disconnected',
  tryNow: 'Connect now',
  trying: 'Trying to connect…',
  cameBack: 'Connected again. What was said in between is not shown.',
  offlineDraft: 'Not sent: you are offline. Your draft stays here.',
  whyLost: 'The connection was lost.',
  whyShutdown: 'The server is restarting.',
  whyTooBig: 'The server found a message too long.',
  whyTooSlow: 'Your connection was too slow to keep up.',
  whyStopped: (code) => `The server has ended the connection (${code}).`,
  tryIn: (seconds) => `Next try in ${seconds} s.`,
  binary: (size) => `A binary message of ${size}`,
  tooLong: (size, limit) => `Too long to send: ${size}, and ${limit} is the most. Please shorten it.`,
};

const ZH: Texts = {
  entered: '进入聊天室',
  left: '离开聊天室',
  log: '聊天内容',
  draft: '消息',
  placeholder: '说点什么…',
  send: '发送',
  hint: 'Enter 发送，Shift + Enter 换行',
  newLines: '新消息',
  connecting: '正在连接…',
  connected: '已连接',
  offline: '离线',
  stopped: '已断开',
  tryNow: '立即重连',
  trying: '正在重新连接…',
  cameBack: '已重新连接，断线期间的消息不会显示。',
  offlineDraft: '未发送：当前处于离线状态，草稿已保留。',
  whyLost: '连接已断开。',
  whyShutdown: '服务器正在重启。',
  whyTooBig: '服务器认为消息过长。',
  whyTooSlow: '网络太慢，跟不上消息。',
  whyStopped: (code) => `服务器已结束连接（${code}）。`,
  tryIn: (seconds) => `${seconds} 秒后重试。`,
  binary: (size) => `二进制消息，${size}`,
  tooLong: (size, limit) => `消息过长，无法发送：${size}，上限为 ${limit}，请缩短。`,
};

export interface Language {
  /** For the lang attribute: what the page's own words are written in. */
  readonly tag: string;
  readonly texts: Texts;
  /** 16:20 or 4:20 PM, as the reader is used to. */
  time(at: WallTime): string;
  date(at: WallTime): string;
  dateAndTime(at: WallTime): string;
  size(bytes: number): string;
}

/** @param preferred the browser's languages, best first */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const locale of preferred) {
    if (/^zh\b/i.test(locale)) return makeLanguage('zh-CN', ZH, locale);
    if (/^en\b/i.test(locale)) return makeLanguage('en', EN, locale);
  }
  return makeLanguage('en', EN, 'en');
}

function makeLanguage(tag: string, texts: Texts, locale: string): Language {
  // The server's wall clock is read as UTC and written as UTC: no reader's time zone may shift it.
  const timeZone = 'UTC';
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: 'numeric', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full' });
  const dateAndTime = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'medium' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    tag,
    texts,
    time: (at) => time.format(wallMilliseconds(at)),
    date: (at) => date.format(wallMilliseconds(at)),
    dateAndTime: (at) => dateAndTime.format(wallMilliseconds(at)),
    size: (bytes) => formatSize(bytes, number),
  };
}

function formatSize(bytes: number, number: Intl.NumberFormat): string {
  if (bytes < 1024) return `${number.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${number.format(bytes / 1024)} KiB`;
  return `${number.format(bytes / (1024 * 1024))} MiB`;
}
