#pragma once

#include "http/byte_range.hpp"
#include "limits/address_quota.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/byte_source.hpp>
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

/// An HTTP response. The connection adds Date, Server, Content-Length and Connection.
struct Response {
  Response() = default;
  explicit Response(unsigned status_code) : status(status_code) {}

  unsigned status = 200;
  Headers headers;
  std::variant<std::string, SharedBytes, std::string_view, FilePart>
      body;           ///< a string_view must refer to static data
  std::string cause;  ///< the cause of an error, for the log
  std::function<void(const Sent&)> on_sent =
      {};  ///< called on the connection's shard after the response was sent; may be empty

  /// Returns the body, or an empty view if it is a part of a file.
  [[nodiscard]] std::string_view bytes() const;

  /// Returns the size of the body in bytes.
  [[nodiscard]] std::uint64_t size() const;
};

/// Returns a plain text response. Its text is also its cause in the log.
Response text_response(unsigned status, std::string_view text);

/// The texts of 429 responses.
inline constexpr std::string_view too_many_connections =
    "Your address has too many connections. Try again later.";
inline constexpr std::string_view too_many_requests = "Too many requests from your address. Try again later.";

/// Makes the response to a request that is rejected before a handler receives it. Called on the shard of the
/// connection.
using Refuser = std::function<Response(unsigned status, std::string_view text, const Request& request)>;

/// Returns a time in the format of the Date field (RFC 9110 section 5.6.7).
///@{
std::string http_date(std::time_t time);
std::string date_now();
///@}

/// An object that lives as long as a connection, across its protocols.
using ConnectionGuard = std::shared_ptr<void>;

/// Takes over the socket for another protocol (RFC 9110 section 7.8). Called on the socket's shard; must not
/// wait.
using Upgrade = std::function<void(net::Socket, net::Shard&, ConnectionGuard)>;

/// Result of handling a request.
using Reply = std::variant<Response, Upgrade>;

/// The decision on a request after its head and before its body.
struct Reception {
  enum class Body {
    discard,  ///< read, but not kept
    keep
  };

  Body body = Body::discard;
  std::shared_ptr<limits::AddressQuota> quota;  ///< charged for the body; nullptr: not charged
  std::optional<Response> refusal;              ///< the response; the body is not read then
};

/// Makes that decision. Called on the shard of the connection.
using Receptionist = std::function<Reception(const Request&)>;

/// Handles requests. Called on the shard of the connection.
using Responder = std::function<task<Reply>(Request)>;

}  // namespace coroom::detail::http
