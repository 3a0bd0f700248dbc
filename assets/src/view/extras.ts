// The parts that a first visit does not need. They are loaded when the page is idle, or when they are opened.

export { BadLink } from './bad_link';
export { EmojiPicker } from './emoji_picker';
export { MessageMenu } from './message_menu';
export { NameForm, SettingsPanel } from './settings';
