#include "centrifuge/protobuf_command.hpp"

#include "centrifuge/protobuf_reader.hpp"
#include "centrifuge/protobuf_requests.hpp"
#include "centrifuge/protobuf_schema.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <protozero/exception.hpp>
#include <protozero/varint.hpp>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge::protobuf {
namespace {

template <class Request>
Command command_of(std::uint64_t id, schema::CommandField method, std::string_view body, Findings& findings) {
  Request request;
  ProtobufReader reader(body, findings);
  while (const auto field = reader.next<schema::CommandField>()) {
    if (*field != method) {
      reader.skip();
    } else if (const auto message = reader.content("request")) {
      read(*message, findings, request);  // a request in several parts is their union
    }
  }
  return Command{id, std::move(request), findings.unsupported};
}

struct MethodReader {
  schema::CommandField number;
  std::string_view name;
  Command (*read)(std::uint64_t id, schema::CommandField method, std::string_view body, Findings& findings);
};

/// Of several methods in one command the first of these counts.
constexpr std::array methods{
    MethodReader{schema::CommandField::connect, "connect", command_of<ConnectRequest>},
    MethodReader{schema::CommandField::subscribe, "subscribe", command_of<SubscribeRequest>},
    MethodReader{schema::CommandField::unsubscribe, "unsubscribe", command_of<UnsubscribeRequest>},
    MethodReader{schema::CommandField::publish, "publish", command_of<PublishRequest>},
    MethodReader{schema::CommandField::presence, "presence", command_of<PresenceRequest>},
    MethodReader{schema::CommandField::presence_stats, "presence_stats", command_of<PresenceStatsRequest>},
    MethodReader{schema::CommandField::history, "history", command_of<HistoryRequest>},
    MethodReader{schema::CommandField::rpc, "rpc", command_of<RpcRequest>},
    MethodReader{schema::CommandField::send, "send", command_of<SendRequest>},
    MethodReader{schema::CommandField::refresh, "refresh", command_of<RefreshRequest>},
    MethodReader{schema::CommandField::sub_refresh, "sub_refresh", command_of<SubRefreshRequest>},
    MethodReader{schema::CommandField::ping, "ping", command_of<PingRequest>},
};

/// The fields of a command, with its request unread.
struct OpenedCommand {
  std::uint32_t id = 0;
  const MethodReader* method = methods.end();
  bool sends = false;

  [[nodiscard]] Outline outline() const {
    Outline outline;
    if (id != 0) outline.id = id;
    outline.sends = method != methods.end() && method->number == schema::CommandField::send;
    return outline;
  }
};

/// Fills in the fields one by one, so that those before a fault are known.
void open_command(std::string_view body, Findings& findings, OpenedCommand& opened) {
  ProtobufReader reader(body, findings);
  while (const auto field = reader.next<schema::CommandField>()) {
    if (*field == schema::CommandField::id) {
      reader.number("the id", opened.id);
      continue;
    }
    const auto* const method = std::ranges::find(methods, *field, &MethodReader::number);
    if (method == methods.end()) {
      reader.skip();
    } else if (reader.content(method->name)) {
      opened.method = std::min(opened.method, method);
      if (method->number == schema::CommandField::send) opened.sends = true;
    }
  }
}

ParsedCommand command_in(std::string_view body) {
  OpenedCommand opened;
  Findings findings;
  try {
    open_command(body, findings, opened);
    if (!findings.wrong.empty()) return tl::unexpected(CommandFault{findings.wrong, opened.outline()});
    if (opened.id == 0 && !opened.sends) return Command{0, Pong()};
    if (opened.method == methods.end())
      return tl::unexpected(CommandFault{"a command without a method", opened.outline()});
    if (opened.id == 0 && opened.method->number != schema::CommandField::send)
      return tl::unexpected(CommandFault{"a command without an id", {}});
    Command command = opened.method->read(opened.id, opened.method->number, body, findings);
    if (findings.wrong.empty()) return command;
  } catch (const protozero::exception&) {
    findings.wrong = "not a Protobuf message";
  }
  const std::string_view method = opened.method == methods.end() ? "a command" : opened.method->name;
  return tl::unexpected(
      CommandFault{std::string(method).append(": ").append(findings.wrong), opened.outline()});
}

/// Removes the length of the next message, and returns the message; nullopt if the length is invalid.
std::optional<std::string_view> take_message(std::string_view& rest) {
  try {
    const char* position = rest.data();
    const std::uint64_t length = protozero::decode_varint(&position, rest.data() + rest.size());
    rest.remove_prefix(static_cast<std::size_t>(position - rest.data()));
    if (length > rest.size()) return std::nullopt;
    const std::string_view message = rest.substr(0, length);
    rest.remove_prefix(length);
    return message;
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<ParsedCommand> take_command(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto message = take_message(rest);
  if (message) return command_in(*message);
  rest = {};
  return tl::unexpected(CommandFault{"a message with an invalid length", {}});
}

}  // namespace coroom::detail::centrifuge::protobuf
