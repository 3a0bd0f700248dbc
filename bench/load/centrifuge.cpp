#include "load/centrifuge.hpp"

#include "load/connection.hpp"

#include <charconv>

namespace coroom::bench::centrifuge {
namespace {

constexpr unsigned text_opcode = 1;

}  // namespace

std::string join(std::string_view room, const std::optional<StreamPosition>& since, std::string_view filter) {
  std::string commands = R"({"id":1,"connect":{}})"
                         "\n"
                         R"({"id":2,"subscribe":{"channel":")";
  commands.append(room).append(R"(","recoverable":true)");
  if (!filter.empty()) commands.append(R"(,"tf":{"key":")").append(filter).append(R"(","cmp":"nex"})");
  if (since) {
    commands.append(R"(,"recover":true,"offset":)" + std::to_string(since->offset));
    commands.append(R"(,"epoch":")" + since->epoch + '"');
  }
  return client_frame(text_opcode, commands.append("}}"));
}

std::string publish(std::uint64_t id, std::string_view room, std::string_view text) {
  std::string command = R"({"id":)" + std::to_string(id);
  command.append(R"(,"publish":{"channel":")").append(room);
  command.append(R"(","data":")").append(text).append(R"("}})");
  return client_frame(text_opcode, command);
}

std::string pong() {
  return client_frame(text_opcode, "{}");
}

Result<std::uint64_t> done(std::string_view reply) {
  constexpr std::string_view head = R"({"id":)";
  constexpr std::string_view refused = R"(,"error":)";
  std::uint64_t id = 0;
  if (reply.starts_with(head)) {
    const auto [end, ec] = std::from_chars(reply.data() + head.size(), reply.data() + reply.size(), id);
    const std::string_view rest(end, static_cast<std::size_t>(reply.data() + reply.size() - end));
    if (ec == std::errc() && !rest.starts_with(refused)) return id;
  }
  return failure("the server answered a command with " + std::string(reply));
}

}  // namespace coroom::bench::centrifuge
