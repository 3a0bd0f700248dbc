// The menu of a message.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Room } from '../app/room';
import type { Message } from '../model/message';
import { isChangeable } from '../model/timeline';
import { QUICK } from '../text/emoji';
import { useApp, useTexts } from './context';
import { Icon, type IconName } from './icon';
import { Popover } from './popover';
import { ChangingText } from './changing_text';

interface Props {
  readonly room: Room;
  readonly message: Message;
  readonly anchor: Element;
  readonly onClose: () => void;
  readonly onMoreEmoji: () => void;
}

export function MessageMenu({ room, message, anchor, onClose, onMoreEmoji }: Props): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const [isSure, setSure] = useState(false);
  const mayPublish = room.mayPublish.value;
  const canChange = mayPublish && message.own && isChangeable(message);

  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  const remove = (): void => {
    if (!isSure) setSure(true);
    else then(() => room.pendingChanges.submit({ kind: 'delete', target: message.offset ?? 0 }))();
  };
  return (
    <Popover label={texts.actions} className="menu" role="menu" anchor={anchor} onClose={onClose}>
      {mayPublish && (
        <div class="quick" role="group" aria-label={texts.react}>
          {QUICK.map((emoji) => (
            <button
              key={emoji}
              type="button"
              role="menuitem"
              aria-label={`${texts.react} ${emoji}`}
              onClick={then(() => room.pendingChanges.react(message.offset ?? 0, emoji))}
            >
              {emoji}
            </button>
          ))}
          <button type="button" role="menuitem" aria-label={texts.moreEmoji} onClick={then(onMoreEmoji)}>
            <Icon name="plus" />
          </button>
        </div>
      )}
      {mayPublish && <Item icon="reply" label={texts.reply} onClick={then(() => room.field.startReply(message))} />}
      {canChange && <Item icon="edit" label={texts.edit} onClick={then(() => room.field.startEditing(message))} />}
      <Item icon="copy" label={texts.copyText} onClick={then(() => void app.notices.copy(message.text, texts.copied))} />
      <Item
        icon="link"
        label={texts.copyLink}
        onClick={then(() => void app.notices.copy(app.navigation.urlOf(room, message.offset), texts.shared))}
      />
      {canChange && <Item icon="trash" label={isSure ? texts.removeSure : texts.remove} danger onClick={remove} />}
    </Popover>
  );
}

function Item({
  icon,
  label,
  danger = false,
  onClick,
}: {
  icon: IconName;
  label: string;
  danger?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" role="menuitem" class={danger ? 'item danger' : 'item'} onClick={onClick}>
      <Icon name={icon} />
      <ChangingText>{label}</ChangingText>
    </button>
  );
}
