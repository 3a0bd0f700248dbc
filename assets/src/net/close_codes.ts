// Codes with which a connection ends. The server sends most of them in its close frames: docs/protocol.md.

/** No connection could be opened. The page's own code. */
export const UNREACHABLE = 0;
/** Of the WebSocket protocol: RFC 6455, section 7.4.1. */
export const PROTOCOL_ERROR = 1002;
export const MESSAGE_TOO_BIG = 1009;
/** The server shuts down and closes all connections at the same moment. */
export const SHUTDOWN = 3001;
export const TOO_SLOW = 3008;
export const TOO_FAST = 3013;
export const INVALID_TOKEN = 3500;
/** The server requires a token, and the client has none; or a command was malformed. */
export const BAD_REQUEST = 3501;
/** A moderator has closed the connection. */
export const KICKED = 3503;
export const TOO_MANY_CONNECTIONS = 3504;
export const BANNED = 3507;
/** The page may not request a token from the address that it was given. The page's own code. */
export const RENEWAL_FORBIDDEN = 3598;
/** The token has expired, and there is no other. The page's own code. */
export const TOKEN_ENDED = 3599;
