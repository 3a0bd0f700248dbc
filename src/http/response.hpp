#pragma once

#include "http/byte_range.hpp"
#include "limits/address_quota.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/assets.hpp>
#include <coroom/request.hpp>
#include <coroom/sent.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::detail::http {

/// A part of a file that is read while it is sent.
struct FilePart {
  std::shared_ptr<const ByteSource> file;
  ByteRange range;
};

/// What is answered. The session adds Date, Server, Content-Length and Connection.
struct Response {
  Response() = default;
  explicit Response(unsigned status_code) : status(status_code) {}

  unsigned status = 200;
  Headers headers;
  std::variant<std::string, SharedBytes, std::string_view, FilePart>
      body;           ///< a view is into bytes that live for ever
  std::string cause;  ///< of an error, for the log
  std::function<void(const Sent&)> on_sent =
      {};  ///< comes on the connection's shard when it has left; may be none

  /// Returns the body; empty if it is a part of a file.
  [[nodiscard]] std::string_view bytes() const;

  /// Returns the bytes of the body.
  [[nodiscard]] std::uint64_t size() const;
};

/// Returns an answer of plain text, which is also what the log gives as its cause.
Response text_response(unsigned status, std::string_view text);

/// What goes with 429.
inline constexpr std::string_view too_many_connections =
    "Your address has too many connections. Try again later.";
inline constexpr std::string_view too_many_requests = "Too many requests from your address. Try again later.";

/// Makes the answer to a request that is refused before a handler has it. Comes on the shard of the
/// connection.
using Refuser = std::function<Response(unsigned status, std::string_view text, const Request& request)>;

/// A time as the Date field has it (RFC 9110 section 5.6.7).
///@{
std::string http_date(std::time_t time);
std::string date_now();
///@}

/// What lives as long as a connection, whatever protocols it goes through.
using ConnectionGuard = std::shared_ptr<void>;

/// Takes the socket over for another protocol (RFC 9110 section 7.8), in a task of its own on the shard where
/// it lives. The http session does nothing with it any more.
using Upgrade = std::function<void(net::Socket, net::Shard&, ConnectionGuard)>;

/// What handling a request comes to.
using Reply = std::variant<Response, Upgrade>;

/// What becomes of a request, decided from its head, before its body is read.
struct Reception {
  enum class Body {
    discard,  ///< read and thrown away
    keep
  };

  Body body = Body::discard;
  std::shared_ptr<limits::AddressQuota> quota;  ///< pays for the body; nullptr: nobody does
  std::optional<Response> refusal;              ///< the answer, and nothing more is read
};

/// Decides that: comes on the shard of the connection.
using Receptionist = std::function<Reception(const Request&)>;

/// Who handles requests: comes on the shard of the connection.
using Responder = std::function<task<Reply>(Request)>;

}  // namespace coroom::detail::http
