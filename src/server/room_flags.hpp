#pragma once

#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace coroom::server {

/// The values of the flags about rooms, which settle() combines. Those of the default namespace take
/// precedence over [rooms] in the file.
struct RoomFlags {
  std::optional<std::size_t> history_size;
  std::optional<std::chrono::milliseconds> history_ttl;
  std::optional<std::size_t> history_bytes;
  std::optional<UnknownNamespace> unknown_namespace;
  std::optional<bool> sqlite;
};

/// All arguments outlive the parsing.
void define_rooms(coroom::OptionParser& flags, ServerConfig& options, RoomFlags& rooms);

/// Sets the options of rooms, and the broker. Fails if flags contradict each other or the file.
Result<> settle(const RoomFlags& rooms, ServerConfig& options);

}  // namespace coroom::server
