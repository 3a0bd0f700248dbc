// What a first visit can do without: it is loaded when the page has nothing else to do, or is asked for.

export { BadLink } from './bad_link';
export { EmojiPicker } from './emoji_picker';
export { MessageMenu } from './message_menu';
export { NameForm, Settings } from './settings';
