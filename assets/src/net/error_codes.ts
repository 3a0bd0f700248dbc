// Codes of the errors with which the server replies to commands: docs/protocol.md.

export const PERMISSION_DENIED = 103;
/** The room, or the client, has no capacity left. */
export const LIMIT_EXCEEDED = 106;
/** The room does not have what was requested, for example a history. */
export const NOT_AVAILABLE = 108;
export const TOKEN_EXPIRED = 109;
export const TOO_MANY_REQUESTS = 111;
