// The identity of the user, as the server knows it.

import { signal } from '@preact/signals';
import type { ClientInfo } from '../model/publication';
import type { TokenIdentity } from '../net/server_connection';
import { cleanName } from '../text/names';

export class Identity {
  readonly current = signal<TokenIdentity>({ user: '', name: '' });
  /** The connections of this page, by their client IDs. */
  private readonly clients = new Set<string>();
  private newestClient = '';

  /** @param isGuest false if the name comes from the token of an account */
  constructor(private readonly isGuest: boolean) {}

  /** Sets the identity of a new connection. */
  set({ user, name }: TokenIdentity, client: string): void {
    this.current.value = { user, name: cleanName(name) || cleanName(user) };
    this.clients.add(client);
    this.newestClient = client;
  }

  get hasConnected(): boolean {
    return this.newestClient !== '';
  }

  get mayRename(): boolean {
    return this.isGuest && this.current.value.user !== '';
  }

  /** The name that others see; empty if the server gives no names. */
  get name(): string {
    return this.current.peek().name;
  }

  self(): ClientInfo {
    const { user, name } = this.current.peek();
    return { user, client: this.newestClient, name };
  }

  isOwn({ user, client }: ClientInfo): boolean {
    return user === '' ? this.clients.has(client) : user === this.current.peek().user;
  }
}
