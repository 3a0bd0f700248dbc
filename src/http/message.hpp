#pragma once

#include "net/account.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/request.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::http {

/// What is answered. The session adds Date, Server, Content-Length and Connection.
struct Response {
  Response() = default;
  explicit Response(unsigned status_code) : status(status_code) {}

  unsigned status = 200;
  Headers headers;
  std::variant<std::string, SharedBytes, std::string_view> body;  ///< a view is into bytes that live for ever

  [[nodiscard]] std::string_view bytes() const;
};

/// An answer of plain text: the way that every error is told.
Response text_response(unsigned status, std::string_view text);

/// What goes with 429.
inline constexpr std::string_view too_many_connections =
    "Too many connections come from this address. Try again later.";
inline constexpr std::string_view too_many_requests = "There are too many requests of your address.";

/// The time as the Date field has it (RFC 9110 section 6.6.1).
std::string date_now();

/// What lives as long as a connection, whatever protocols it goes through.
using Keep = std::shared_ptr<void>;

/// Takes the socket over for another protocol (RFC 9110 section 7.8), in a task of its own on the shard where
/// it lives. The http session does nothing with it any more.
using Upgrade = std::function<void(net::Socket, net::Shard&, Keep)>;

/// What handling a request comes to.
using Reply = std::variant<Response, Upgrade>;

/// What becomes of a request, decided from its head, before its body is read.
struct Reception {
  enum class Body {
    discard,  ///< read and thrown away
    keep
  };

  Body body = Body::discard;
  std::shared_ptr<net::Account> account;  ///< pays for the body; nullptr: nobody does
  std::optional<Response> refusal;        ///< the answer, and nothing more is read
};

/// Decides that: comes on the shard of the connection.
using Receptionist = std::function<Reception(const Request&)>;

/// Who handles requests: comes on the shard of the connection.
using Responder = std::function<task<Reply>(Request)>;

}  // namespace coroom::http
