// All texts of the page. A language that misses one does not compile.

import type { NameFault } from '../text/room_name';

export interface Texts {
  // Layout
  /** The first link of the page, for keyboards. */
  readonly skip: string;
  readonly rooms: string;
  readonly people: string;
  readonly settings: string;
  readonly share: string;
  readonly shared: string;
  readonly close: string;
  readonly openRoom: string;
  readonly roomName: string;
  readonly open: string;
  readonly roomsPublic: string;
  readonly roomsUnlisted: string;
  readonly partLoading: string;
  readonly partMissing: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly leaveRoom: string;
  readonly roomsUnread: (count: number) => string;
  readonly peopleHere: (count: number) => string;
  readonly peopleCount: (count: number) => string;
  readonly unreadCount: (count: number) => string;
  // Connection
  readonly connecting: string;
  readonly connected: string;
  readonly offline: string;
  readonly stopped: string;
  readonly tryNow: string;
  readonly tryIn: (seconds: number) => string;
  readonly whyLost: string;
  readonly whyShutdown: string;
  readonly whyNoNetwork: string;
  readonly whyTooSlow: string;
  readonly whyTooFast: string;
  readonly whyToken: string;
  readonly whyTokenNeeded: string;
  readonly whyTokenEnded: string;
  readonly whyRenewal: string;
  readonly whyModerator: string;
  readonly whyTooMany: string;
  readonly whyBanned: string;
  readonly whyStopped: (code: number) => string;
  readonly roomDenied: string;
  readonly roomLimit: string;
  readonly roomJoining: string;
  /** A message that a closed tab has left. */
  readonly leftUnsent: (room: string) => string;
  readonly actsLost: (room: string) => string;
  readonly leftRoom: (name: string) => string;
  // Links and names of rooms
  readonly badLink: string;
  readonly badLinkOffer: string;
  readonly nameFaults: Readonly<Record<NameFault | 'broken', string>>;
  readonly noSuchMessage: string;
  // Conversation
  readonly log: string;
  readonly empty: string;
  /** The same for users that may not publish. */
  readonly emptyReadOnly: string;
  readonly beginning: string;
  readonly nothingOlder: string;
  readonly loadingOlder: string;
  readonly today: string;
  readonly yesterday: string;
  readonly unreadLine: string;
  readonly newer: (count: number | string) => string;
  readonly toEnd: string;
  readonly notRecovered: string;
  readonly gap: string;
  readonly hole: string;
  readonly you: string;
  readonly someone: string;
  readonly edited: string;
  readonly deleted: string;
  readonly sending: string;
  /** Instead of `sending` while there is no connection. */
  readonly waiting: string;
  readonly resend: string;
  readonly discard: string;
  readonly failed: string;
  readonly failedUnknown: string;
  readonly failedLong: string;
  readonly failedFast: string;
  readonly failedDenied: string;
  readonly showAll: string;
  readonly replyTo: (name: string) => string;
  readonly replyGone: string;
  readonly joined: (names: string, count: number) => string;
  readonly left: (names: string, count: number) => string;
  readonly visited: (names: string, count: number) => string;
  readonly returned: (names: string, count: number) => string;
  readonly renamed: (from: string, to: string) => string;
  /** Some names and the number of others; `all` counts both. */
  readonly andOthers: (names: string, others: number, all: number) => string;
  readonly typing: (names: string, count: number) => string;
  readonly typingMany: string;
  readonly messageLine: (name: string, text: string) => string;
  readonly reactedBy: (emoji: string, names: string) => string;
  // Actions on a message
  readonly actions: string;
  readonly reply: string;
  readonly edit: string;
  readonly remove: string;
  readonly removeSure: string;
  readonly react: string;
  readonly moreEmoji: string;
  readonly copyLink: string;
  readonly copyText: string;
  readonly copied: string;
  readonly copyYourself: string;
  readonly changeFailed: string;
  // Message field
  readonly draft: string;
  readonly placeholder: (room: string) => string;
  /** Instead of `placeholder` for users that may not publish. */
  readonly readOnly: string;
  readonly send: string;
  readonly save: string;
  readonly cancel: string;
  readonly emoji: string;
  /** In the order of the table of emoji; empty if the names of the table are in the language. */
  readonly emojiLabels: readonly string[];
  readonly hint: string;
  /** `control` is the key that is pressed together with Enter. */
  readonly hintNewLine: (control: string) => string;
  readonly noFiles: string;
  readonly editing: string;
  readonly suggestions: string;
  readonly tooLong: (size: string, limit: string) => string;
  // People
  readonly filter: string;
  readonly nobody: string;
  readonly noEmoji: string;
  readonly morePeople: (count: number) => string;
  readonly online: string;
  readonly away: string;
  readonly tabs: (count: number) => string;
  // Settings
  readonly name: string;
  readonly nameHint: string;
  readonly nameFailed: string;
  readonly welcome: (name: string) => string;
  readonly keepName: string;
  readonly changeName: string;
  readonly language: string;
  readonly automatic: string;
  /** @param name the name of the language that the browser prefers */
  readonly automaticLanguage: (name: string) => string;
  readonly theme: string;
  readonly light: string;
  readonly dark: string;
  readonly enter: string;
  readonly enterSends: string;
  readonly enterNewLine: string;
  readonly notifications: string;
  readonly notifyOff: string;
  readonly notifyMentions: string;
  readonly notifyAll: string;
  readonly notifyBlocked: string;
  readonly sound: string;
  readonly mute: (room: string) => string;
  readonly muted: string;
  readonly adjectives: readonly string[];
  readonly animals: readonly string[];
  /** The text between an adjective and an animal. */
  readonly nameSpace: string;
}
