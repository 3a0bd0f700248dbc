#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

/// Header fields in the order they came. Names compare without case (RFC 9110 section 5.1).
class Headers {
 public:
  /// A name and its value.
  using Field = std::pair<std::string, std::string>;

  Headers() = default;

  /// These fields, in this order.
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Makes room for that many fields.
  void reserve(std::size_t count) { fields_.reserve(count); }

  /// Behind those there are, of the same name too.
  void add(std::string name, std::string value);

  /// In place of all fields of that name.
  void set(std::string name, std::string value);

  /// All fields of that name.
  void remove(std::string_view name);

  /// The value of a field that may stand once; of several, the first. None: nullopt.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;

  /// All values of a list field, joined by ", " (RFC 9110 section 5.3). Empty if there is none.
  [[nodiscard]] std::string list(std::string_view name) const;

  /// True if the comma-separated list under this name holds the token, compared without case.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;

  /// The comma-separated list under this name, each token trimmed.
  [[nodiscard]] std::vector<std::string> tokens(std::string_view name) const;

  /// For loops over them.
  ///@{
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  ///@}

 private:
  std::vector<Field> fields_;
};

/// An HTTP request: whole, within the limits, its target taken apart (Tornado: HTTPServerRequest).
struct Request {
  /// Names and values.
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::string method;                  ///< in capitals, mostly: it is case-sensitive
  unsigned version = 11;               ///< 10 or 11: HTTP/1.0 or 1.1
  std::string target;                  ///< as it was sent
  std::string raw_path;                ///< the path, percent-encoded, also what was sent without
  std::string path;                    ///< decoded; begins with "/"
  Parameters query;                    ///< decoded, in order
  Headers headers;                     ///< its header fields
  std::string protocol = "http";       ///< "http" or "https"; what a trusted proxy says it is
  std::string body;                    ///< whole; empty if there is none
  Parameters form;                     ///< of a body that a form sent, by POST, PUT or PATCH; decoded
  boost::asio::ip::address peer;       ///< the other end of the socket: a proxy, perhaps
  boost::asio::ip::address remote_ip;  ///< the client; what a trusted proxy says it is
  std::uint64_t connection = 0;        ///< names the connection in the log

  /// The last value of a query parameter (RequestHandler::get_argument gives the same one).
  [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const;

  /// A cookie of the request (RFC 6265 section 4.2); its value as it was sent.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

}  // namespace coroom
