#include "load/protobuf.hpp"

#include "load/connection.hpp"

namespace coroom::bench::protobuf {
namespace {

constexpr unsigned binary_opcode = 2;

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 0x7f; value >>= 7U) bytes.push_back(static_cast<char>(0x80U | (value & 0x7fU)));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) break;
  }
  return value;
}

std::string command(std::uint64_t id, unsigned number, std::string_view request) {
  const std::string body = '\x08' + varint(id) + field(number, request);
  return varint(body.size()) + body;
}

}  // namespace

std::string field(unsigned number, std::string_view value) {
  return varint(number << 3U | 2U) + varint(value.size()).append(value);
}

std::string join(std::string_view room, std::string_view filter) {
  std::string subscription = field(1, room) + "\x50\x01";  // recoverable
  if (!filter.empty()) subscription += field(13, field(2, filter) + field(3, "nex"));
  return client_frame(binary_opcode, command(1, 4, "") + command(2, 5, subscription));
}

std::string publish(std::uint64_t id, std::string_view room, std::string_view text) {
  const std::string data = '"' + std::string(text) + '"';
  return client_frame(binary_opcode, command(id, 7, field(1, room) + field(2, data)));
}

std::string pong() {
  return client_frame(binary_opcode, std::string_view("\0", 1));
}

Result<std::uint64_t> done(std::string_view received) {
  std::uint64_t id = 0;
  while (!received.empty()) {
    const auto size = take_varint(received);
    std::string_view reply = received.substr(0, size);
    received.remove_prefix(reply.size());
    if (reply.empty()) continue;
    if (!reply.starts_with('\x08')) return failure("the server sent an unexpected message");
    reply.remove_prefix(1);
    id = take_varint(reply);
    if (reply.starts_with('\x12')) return failure("a command failed: " + std::string(reply));
  }
  return id;
}

}  // namespace coroom::bench::protobuf
