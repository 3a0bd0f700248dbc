// The emoji that have a name here. Any other can be typed or pasted as it is.

/** Name and emoji in turns. Those that mean the same stand side by side; the picker shows them in this order. */
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

/** By name. */
export const EMOJI: ReadonlyMap<string, string> = new Map(
  [...TABLE.matchAll(/(\S+)\s+(\S+)/g)].map(([, name = '', emoji = '']) => [name, emoji]),
);

/** One tap away under every message. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '👀'];

export function emojiNamed(beginning: string, most: number): { name: string; emoji: string }[] {
  const starting: { name: string; emoji: string }[] = [];
  const having: { name: string; emoji: string }[] = [];
  for (const [name, emoji] of EMOJI) {
    if (name === beginning) starting.unshift({ name, emoji });
    else if (name.startsWith(beginning)) starting.push({ name, emoji });
    else if (name.includes(beginning)) having.push({ name, emoji });
  }
  return [...starting, ...having].slice(0, most);
}
