#pragma once

#include "http/message.hpp"
#include "net/shard.hpp"

#include <coroom/counters.hpp>
#include <coroom/task.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace coroom::http {

struct Settings {
  std::size_t header_limit = 16 * 1024;  ///< bytes of request line and fields together; more is 431
  std::size_t target_limit = 8 * 1024;   ///< bytes of the request target; more is 414
  std::size_t body_limit = 1024 * 1024;  ///< bytes; more is 413
  std::chrono::milliseconds request_timeout{10'000};     ///< for one request, from its first byte to its last
  std::chrono::milliseconds keep_alive_timeout{60'000};  ///< for the next request to begin
};

/// A socket on its way from HTTP to another protocol.
struct Handover {
  Handover(boost::asio::ip::tcp::socket handed, Upgrade into)
      : socket(std::move(handed)), upgrade(std::move(into)) {}

  boost::asio::ip::tcp::socket socket;
  Upgrade upgrade;
};

/// What a session is told when its connection is one too many.
enum class Admission { welcome, server_full };

/// What a session needs of those who own it; all outlive it.
struct Context {
  net::Shard& shard;
  const Responder& respond;
  const Settings& settings;
  Counters& counters;
};

/// Reads requests and answers them, until the connection ends (nullopt) or a handler takes the socket over.
/// Every fault of the client gets an answer with a status and a sentence, one log line and a count.
task<std::optional<Handover>> serve(boost::asio::ip::tcp::socket socket, std::uint64_t connection,
                                    Admission admission, Context context);

}  // namespace coroom::http
