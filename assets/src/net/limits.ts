// The limits of the server, which it sends when a client connects.

import { isRecord } from '../model/publication';
import { DEFAULT_LIMITS, type Limits } from '../text/limit';

/** @param data the data of the server's reply to `connect`: docs/protocol.md */
export function limitsOf(data: unknown): Limits {
  const limits = isRecord(data) && isRecord(data.limits) ? data.limits : {};
  const size = (value: unknown, fallback: number): number =>
    typeof value === 'number' && value > 0 ? value : fallback;
  return {
    messageSize: size(limits.message_size, DEFAULT_LIMITS.messageSize),
    textSize: size(limits.text_size, DEFAULT_LIMITS.textSize),
  };
}
