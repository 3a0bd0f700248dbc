export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'joined' }
  /** The server has rejected or ended the subscription with an error `code`. */
  | { readonly kind: 'closed'; readonly code: number };
