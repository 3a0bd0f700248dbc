#pragma once

#include "core/shared_bytes.hpp"
#include "net/shard.hpp"

#include <coroom/task.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coroom::http {

/// Header fields in the order they came. Names compare without case (RFC 9110 section 5.1).
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  void add(std::string name, std::string value);

  /// The value of a field that may stand once; of several, the first. None: nullopt.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;

  /// All values of a list field, joined by ", " (RFC 9110 section 5.3). Empty if there is none.
  [[nodiscard]] std::string list(std::string_view name) const;

  /// True if the comma-separated list under this name holds the token, compared without case.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;

  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

/// A request as the router sees it: whole, within the limits, its target taken apart and percent-decoded.
struct Request {
  std::string method;
  unsigned version = 11;                                   ///< 10 or 11: HTTP/1.0 or 1.1
  std::string target;                                      ///< as it was sent
  std::string path;                                        ///< decoded; begins with "/"
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Headers headers;
  std::string body;
  boost::asio::ip::address peer;  ///< the other end of the socket: a proxy, perhaps
  std::uint64_t connection = 0;   ///< names the connection in the log

  /// The first value of a query parameter.
  [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const;
};

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

/// Takes the socket over for another protocol (RFC 9110 section 7.8), on the shard where it lives. The http
/// session has ended by then.
using Upgrade = std::function<task<>(boost::asio::ip::tcp::socket, net::Shard&)>;

/// What handling a request comes to.
using Reply = std::variant<Response, Upgrade>;

}  // namespace coroom::http
