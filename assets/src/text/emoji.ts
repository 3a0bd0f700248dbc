// The emoji with a name. Others can be typed or pasted.

/** Names and emoji alternate. Similar emoji are neighbours; the picker shows them in this order. */
const TABLE = `smile 😄 grin 😁 joy 😂 rofl 🤣 slight_smile 🙂 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 kiss 😘 yum 😋
stuck_out_tongue 😛 zany 🤪 hug 🤗 shush 🤫 thinking 🤔 neutral 😐 unamused 😒 roll_eyes 🙄 grimace 😬 relieved 😌 pensive 😔
sleeping 😴 mask 😷 sick 🤒 dizzy 😵 exploding 🤯 party 🥳 sunglasses 😎 nerd 🤓 confused 😕 worried 😟 open_mouth 😮
flushed 😳 pleading 🥺 cry 😢 sob 😭 scream 😱 sweat 😅 tired 😫 yawn 🥱 angry 😠 rage 😡 skull 💀 ghost 👻 robot 🤖 clown 🤡
thumbsup 👍 thumbsdown 👎 ok_hand 👌 victory ✌️ crossed_fingers 🤞 wave 👋 raised_hands 🙌 clap 👏 pray 🙏 muscle 💪 point_up ☝️
point_right 👉 handshake 🤝 shrug 🤷 facepalm 🤦 eyes 👀 brain 🧠 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚
blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkles ✨ star ⭐ fire 🔥 boom 💥 hundred 💯 tada 🎉 gift 🎁 trophy 🏆 medal 🥇
rocket 🚀 hourglass ⏳ alarm ⏰ bulb 💡 warning ⚠️ check ✅ cross ❌ question ❓ exclamation ❗ lock 🔒 key 🔑 hammer 🔨 bug 🐛
memo 📝 book 📖 calendar 📅 pin 📌 link 🔗 chart 📈 mail 📧 phone 📱 laptop 💻 camera 📷 music 🎵 game 🎮 art 🎨 ball ⚽ bike 🚲
car 🚗 train 🚆 plane ✈️ house 🏠 mountain ⛰️ tent ⛺ sun ☀️ cloud ☁️ rain 🌧️ snow ❄️ rainbow 🌈 moon 🌙 earth 🌍 tree 🌳
flower 🌸 rose 🌹 cat 🐱 dog 🐶 panda 🐼 fox 🦊 otter 🦦 owl 🦉 penguin 🐧 fish 🐟 unicorn 🦄 apple 🍎 lemon 🍋 pizza 🍕 noodles 🍜
rice 🍚 dumpling 🥟 cake 🍰 cookie 🍪 coffee ☕ tea 🍵 beer 🍺 cheers 🥂`;

/** Emoji by name. */
export const EMOJI: ReadonlyMap<string, string> = new Map(
  [...TABLE.matchAll(/(\S+)\s+(\S+)/g)].map(([, name = '', emoji = '']) => [name, emoji]),
);

/** The emoji that every message's menu shows at once. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '👀'];

export interface NamedEmoji {
  readonly emoji: string;
  /** The text between colons in a message, in any language. */
  readonly name: string;
  /** The name in the user's language. */
  readonly label: string;
}

/** Returns how to type the emoji, after its label if that differs from the name. */
export function described({ name, label }: NamedEmoji): string {
  return label === name ? `:${name}:` : `${label} :${name}:`;
}

/** Returns emoji whose name or label starts with `beginning`, then those that contain it. `labels` is in table order. */
export function emojiNamed(beginning: string, max: number, labels: readonly string[]): NamedEmoji[] {
  const starting: NamedEmoji[] = [];
  const having: NamedEmoji[] = [];
  for (const [index, [name, emoji]] of [...EMOJI].entries()) {
    const found = { emoji, name, label: labels[index] ?? name };
    const words = [name, found.label];
    if (words.includes(beginning)) starting.unshift(found);
    else if (words.some((word) => word.startsWith(beginning))) starting.push(found);
    else if (words.some((word) => word.includes(beginning))) having.push(found);
  }
  return [...starting, ...having].slice(0, max);
}
