// The members of a room. A person with several tabs has several connections and is one member.

import { personOf, type ClientInfo, type Named } from './publication';

export interface Member extends Named {
  readonly connections: number;
}

/** Much faster than `localeCompare`. */
const order = new Intl.Collator();

export class Members {
  private readonly people = new Map<string, { name: string; clients: Set<string> }>();
  /** The room's presence is loaded. Until then a join may be of a member that has been there before. */
  private known = false;
  /** All members in order, until one joins or leaves. */
  private sorted: readonly Member[] | undefined;

  /** Replaces all members by the connections in the room's presence. */
  reset(present: readonly ClientInfo[]): void {
    this.people.clear();
    this.sorted = undefined;
    for (const member of present) this.add(member);
    this.known = true;
  }

  /** Returns whether a person has joined, and not only another tab. */
  joined(member: ClientInfo): boolean {
    return this.add(member) && this.known;
  }

  /** Returns whether a person has left, and not only one of several tabs. */
  left(member: ClientInfo): boolean {
    const person = personOf(member);
    const entry = this.people.get(person);
    this.sorted = undefined;
    if (!entry?.clients.delete(member.client) || entry.clients.size > 0) return false;
    this.people.delete(person);
    return this.known;
  }

  has(person: string): boolean {
    return this.people.has(person);
  }

  /** Returns an empty name if the person is not a member. */
  nameOf(person: string): string {
    return this.people.get(person)?.name ?? '';
  }

  /** The number of people, not of connections. */
  get count(): number {
    return this.people.size;
  }

  get connections(): number {
    let sum = 0;
    for (const { clients } of this.people.values()) sum += clients.size;
    return sum;
  }

  /** Returns the members whose names contain the filter, ordered by name. */
  list(filter = ''): readonly Member[] {
    this.sorted ??= [...this.people]
      .map(([person, { name, clients }]) => ({ person, name, connections: clients.size }))
      .sort((a, b) => order.compare(a.name, b.name) || order.compare(a.person, b.person));
    const wanted = filter.trim().toLocaleLowerCase();
    return wanted === '' ? this.sorted : this.sorted.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  }

  private add(member: ClientInfo): boolean {
    const person = personOf(member);
    const entry = this.people.get(person);
    this.sorted = undefined;
    if (!entry) {
      this.people.set(person, { name: member.name, clients: new Set([member.client]) });
      return true;
    }
    entry.name = member.name; // the newest connection has the newest name
    entry.clients.add(member.client);
    return false;
  }
}
