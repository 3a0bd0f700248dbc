const socket = new WebSocket(location.href.replace(/^http/, "ws") + "chat");
const [contents, message] = ["contents", "message"].map((id) => document.getElementById(id));
socket.onmessage = (event) => {
  contents.appendChild(document.createElement("p")).textContent = event.data;
};
document.getElementById("send").onclick = () => {
  socket.send(message.value);
  message.value = "";
};
