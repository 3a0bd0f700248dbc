// Codes with which a connection ends. The server sends most of them in its close frames: docs/protocol.md.

/** No connection could be opened. The page's own code. */
export const UNREACHABLE = 0;
/** The server shuts down and closes all connections at the same moment. */
export const SHUTDOWN = 3001;
export const INVALID_TOKEN = 3500;
/** The server requires a token, and the client has none. */
export const TOKEN_REQUIRED = 3501;
/** The page may not request a token from the address that it was given. The page's own code. */
export const RENEWAL_FORBIDDEN = 3598;
/** The token has expired, and there is no other. The page's own code. */
export const TOKEN_ENDED = 3599;
