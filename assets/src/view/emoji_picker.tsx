import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { described, EMOJI, emojiNamed } from '../text/emoji';
import { useTexts } from './context';
import { Popover } from './popover';

interface Props {
  readonly anchor: Element;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ anchor, onPick, onClose }: Props): JSX.Element {
  const texts = useTexts();
  const [filter, setFilter] = useState('');
  const beginning = filter.trim().replace(/[:：]/g, '').toLowerCase();
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
      />
      <div class="grid">
        {emojiNamed(beginning, EMOJI.size, texts.emojiLabels).map((one) => (
          <button
            key={one.name}
            type="button"
            aria-label={one.label}
            title={described(one)}
            onClick={() => {
              onClose();
              onPick(one.emoji);
            }}
          >
            {one.emoji}
          </button>
        ))}
      </div>
    </Popover>
  );
}
