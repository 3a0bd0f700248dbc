const [contents, composer, msg] = ['contents', 'composer', 'msg'].map((id) => document.getElementById(id));
const ws = new WebSocket(new URL(`chat${location.search}`, document.currentScript.src).href.replace('http', 'ws'));
ws.onmessage = (event) => contents.appendChild(document.createElement('p')).append(event.data);
composer.onsubmit = (event) => {
  event.preventDefault();
  ws.send(msg.value);
  msg.value = '';
};
