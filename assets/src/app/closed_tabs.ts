// Takes over the data of closed tabs in the browser's storage: unsent messages, changes, an open edit.

import { takeOverChanges } from '../model/change_memory';
import { tabsIn } from '../model/storage';
import type { Stores } from './stores';
import { ifClosed } from './tab';

/**
 * @param user   the data of other users stays
 * @param onRoom called with each room in which something was taken over
 * @returns the rooms with unsent messages
 */
export async function takeOverClosedTabs(
  { shared, outboxes, tab }: Stores,
  user: string,
  onRoom: (name: string) => void,
): Promise<string[]> {
  const unsent: string[] = [];
  const takeFrom = (closed: string): void => {
    const messages = outboxes.takeOver(closed, user);
    const changes = (['acts', 'edit'] as const).flatMap((kind) => takeOverChanges(shared, kind, closed, tab, user));
    unsent.push(...messages);
    for (const name of new Set([...messages, ...changes])) onRoom(name);
  };
  const others = tabsIn(shared).filter((name) => name !== tab);
  await Promise.all(others.map((name) => ifClosed(name, () => takeFrom(name))));
  return unsent;
}
