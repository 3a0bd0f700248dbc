// Returns a line of the chat that all these servers implement.
export function line(address, event) {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `[${address}]-[${date} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}]-${event}`;
}
