import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { described, EMOJI, emojiNamed } from '../text/emoji';
import { useTexts } from './context';
import { KEY_CODE_COMPOSING } from './enter_key';
import { Popover } from './popover';
import { ChangingText } from './changing_text';

interface Props {
  readonly anchor: Element;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ anchor, onPick, onClose }: Props): JSX.Element {
  const texts = useTexts();
  const [filter, setFilter] = useState('');
  const beginning = filter.trim().replace(/[:：]/g, '').toLowerCase();
  const found = emojiNamed(beginning, EMOJI.size, texts.emojiLabels);
  const grid = useRef<HTMLDivElement>(null);
  const pick = (emoji: string): void => {
    onClose();
    onPick(emoji);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === KEY_CODE_COMPOSING) return;
    if (event.key === 'Enter') {
      event.preventDefault(); // the picker may be in a form
      const [first] = found;
      if (first && filter !== '') pick(first.emoji);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      grid.current?.querySelector('button')?.focus();
    }
  };
  return (
    <Popover label={texts.emoji} className="picker" role="dialog" anchor={anchor} onClose={onClose}>
      <input
        type="search"
        class="field"
        data-first
        aria-label={texts.emoji}
        placeholder=":name:"
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <p class="nobody" role="status">
        <ChangingText>{found.length === 0 ? texts.noEmoji : ''}</ChangingText>
      </p>
      <div ref={grid} class="grid">
        {found.map((one) => (
          <button
            key={one.name}
            type="button"
            aria-label={one.label}
            title={described(one)}
            onClick={() => pick(one.emoji)}
          >
            {one.emoji}
          </button>
        ))}
      </div>
    </Popover>
  );
}
