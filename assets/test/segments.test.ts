import { describe, expect, test } from 'vitest';
import { isOnlyEmoji, mentionsReader, segmentsOf, type Segment } from '../src/text/segments';

const NAMES = { known: ['Ann', 'Ann Lee', '小明'], reader: 'Bob' };
const brief = (text: string): string[] => segmentsOf(text, NAMES).map(({ kind, text: inside }) => `${kind}:${inside}`);

describe('links', () => {
  test('are of http and https only', () => {
    expect(brief('see https://example.org/a?b=c#d now')).toEqual([
      'text:see ',
      'link:https://example.org/a?b=c#d',
      'text: now',
    ]);
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://example.org',
      'https://',
      'http:///',
      'file:///etc/passwd',
    ]) {
      expect(segmentsOf(text).some(({ kind }) => kind === 'link')).toBe(false);
    }
  });

  test('end before punctuation', () => {
    expect(brief('(https://example.org/x_(y)).')).toEqual(['text:(', 'link:https://example.org/x_(y)', 'text:).']);
    expect(brief('去https://example.org/看，好吗')).toEqual(['text:去', 'link:https://example.org/看', 'text:，好吗']);
    expect(brief('https://example.org/!?')).toEqual(['link:https://example.org/', 'text:!?']);
  });

  test('lead where the browser parses them', () => {
    const [link] = segmentsOf('https://ex\u0430mple.org');
    expect(link).toMatchObject({ kind: 'link', href: 'https://xn--exmple-4nf.org/' });
  });

  test('show the host if the text deceives', () => {
    const host = (text: string): string | undefined => {
      const [link] = segmentsOf(text);
      if (link?.kind !== 'link') throw new Error('no link');
      return link.host;
    };
    for (const [text, leads] of [
      ['https://\u0430\u0440\u0440\u04cf\u0435.com/', 'xn--80ak6aa92e.com'],
      ['https://bank.example@evil.example/', 'evil.example'],
      ['https://bank.example:443@evil.example/', 'evil.example'],
      ['https://bank.example%2f@evil.example', 'evil.example'],
      ['https://evil.example\\bank.example', 'evil.example'],
      ['https://b%61nk.example', 'bank.example'],
      ['http://0x7f.1/', '127.0.0.1'],
      ['https://\uff42ank.example', 'bank.example'],
      ['https://中文.com', 'xn--fiq228c.com'],
    ] as const)
      expect(host(text), text).toBe(leads);
    for (const text of ['https://Example.org', 'HTTPS://example.org:443/a@b', 'http://[::1]:8000?x', 'https://example.org#x'])
      expect(host(text), text).toBeUndefined();
  });

  test('end at an invisible character', () => {
    for (const unseen of ['\u202e', '\u200b', '\u00ad', '\u2066', '\u0007'])
      expect(brief(`https://a.example/${unseen}moc.elgoog`)[0]).toBe('link:https://a.example/');
  });
});

describe('code', () => {
  test('is kept as it is', () => {
    expect(brief('`a :tada: https://x.org` b')).toEqual(['code:a :tada: https://x.org', 'text: b']);
    expect(brief('```js\nlet a = `b`;\n```\nend')).toEqual(['block:let a = `b`;', 'text:end']);
    expect(brief('```one line```')).toEqual(['block:one line']);
  });

  test('without an end is text', () => {
    expect(brief('a ` b')).toEqual(['text:a ` b']);
    expect(brief('``` open')).toEqual(['text:``` open']);
    expect(brief('`over\nlines`')).toEqual(['text:`over\nlines`']);
  });
});

describe('emoji and mentions', () => {
  test('are found by their names', () => {
    expect(brief('yes :tada: :nonsense: 10:30:45')).toEqual(['text:yes ', 'emoji:🎉', 'text: :nonsense: 10:30:45']);
    expect(brief(':x:tada:')).toEqual(['text::x', 'emoji:🎉']);
  });

  test('prefer the longest name', () => {
    expect(brief('@Ann Lee and @ann, @Anna')).toEqual([
      'mention:@Ann Lee',
      'text: and ',
      'mention:@ann',
      'text:, @Anna',
    ]);
    expect(brief('你好@小明在吗')).toEqual(['text:你好', 'mention:@小明', 'text:在吗']);
    expect(brief('mail@Ann')).toEqual(['text:mail@Ann']);
  });

  test('mark mentions of the user', () => {
    expect(segmentsOf('@bob!', NAMES)[0]).toEqual({ kind: 'mention', text: '@bob', isReader: true });
    const reader = { known: ['Bob Ray'], reader: 'Bob' };
    const named = (text: string): boolean => mentionsReader(text, reader);
    expect(['hey @Bob', '@BOB, @Bob Ray'].map(named)).toEqual([true, true]);
    expect(['hey Bob', '@Bobby', 'x@bob.com', '@Bob Ray', '`@Bob`'].map(named)).toEqual(Array(5).fill(false));
    expect(mentionsReader('@', { known: [], reader: '' })).toBe(false);
  });

  test('detect a text of emoji only', () => {
    expect(['🎉', ':tada: 👍🏽', '❤️'].map((text) => isOnlyEmoji(segmentsOf(text)))).toEqual([true, true, true]);
    expect(['', 'a', '🎉!', '1', '🎉🎉🎉🎉'].map((text) => isOnlyEmoji(segmentsOf(text)))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

test('keeps HTML as text', () => {
  const text = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  expect(segmentsOf(text)).toEqual([{ kind: 'text', text }]);
});

test('keeps all of a text exactly once', () => {
  for (const text of [
    '`',
    '@@@',
    '::::',
    'a`b`c`d',
    'https://a.b`c`',
    ':tada::tada:',
    '```a```b```c',
    '\u202eevil @Ann',
  ]) {
    const whole = segmentsOf(text, NAMES)
      .map((segment: Segment) =>
        segment.kind === 'code'
          ? `\`${segment.text}\``
          : segment.kind === 'block'
            ? `\`\`\`${segment.text}\`\`\``
            : segment.kind === 'emoji'
              ? `:${segment.name}:`
              : segment.text,
      )
      .join('');
    expect(whole).toBe(text);
  }
});

test('is fast with many names and at-signs', () => {
  const room = (count: number): { known: string[]; reader: string } => ({
    known: Array.from({ length: count }, (_, i) => `Ann ${1_000 + i} ${'x'.repeat(i % 30)}`),
    reader: 'Bob',
  });
  const cost = (count: number): number => {
    const names = room(count);
    const before = performance.now();
    for (let row = 0; row < 3; row += 1) segmentsOf('@Ann y '.repeat(3_000), names);
    return performance.now() - before;
  };
  cost(30); // warms up
  expect(cost(3_000)).toBeLessThan(8 * cost(30) + 50);
  const names = room(500);
  expect(segmentsOf(`@${names.known[29]}!`, names)[0]).toMatchObject({ kind: 'mention', text: `@${names.known[29]}` });
});

test('is fast with 64 KiB of anything', () => {
  const size = 65_536;
  for (const unit of [
    'a',
    '`',
    '```',
    '@',
    ':',
    ':a',
    'https://',
    'https://a(',
    '`a\n',
    '@Ann',
    'http://a)',
    '\u0301',
    '(',
  ]) {
    const before = performance.now();
    segmentsOf(unit.repeat(size / unit.length), NAMES);
    expect(performance.now() - before, JSON.stringify(unit)).toBeLessThan(500);
  }
});
