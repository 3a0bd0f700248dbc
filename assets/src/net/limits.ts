// What the server takes, as it says to who connects.

import { isRecord } from '../model/publication';
import { DEFAULT_LIMITS, type Limits } from '../text/limit';

/** @param data what the server says to who connects: docs/protocol.md */
export function limitsOf(data: unknown): Limits {
  const limits = isRecord(data) && isRecord(data.limits) ? data.limits : {};
  const size = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value > 0 ? value : otherwise;
  return {
    messageSize: size(limits.message_size, DEFAULT_LIMITS.messageSize),
    textSize: size(limits.text_size, DEFAULT_LIMITS.textSize),
  };
}
