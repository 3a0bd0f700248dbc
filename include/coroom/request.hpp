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

/// Header fields in their order. Names are compared without case (RFC 9110 section 5.1). Not thread-safe.
class Headers {
 public:
  /// A name and its value.
  using Field = std::pair<std::string, std::string>;

  Headers() = default;

  /// Constructs the list from these fields.
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  void reserve(std::size_t count) { fields_.reserve(count); }

  /// Appends a field, even if one of this name exists.
  void add(std::string name, std::string value);

  /// Removes all fields of this name and appends a new one.
  void set(std::string name, std::string value);

  /// Removes all fields of this name.
  void remove(std::string_view name);

  /// Returns the value of the first field of this name, or nullopt; for fields that occur at most once. The
  /// view is valid until the fields change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;

  /// Returns the values of all fields of this name, joined by ", " (RFC 9110 section 5.3). Empty if there is
  /// none.
  [[nodiscard]] std::string list(std::string_view name) const;

  /// Returns whether the comma-separated list under this name contains the token, compared without case.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;

  /// Returns the elements of the comma-separated list under this name, trimmed and without empty ones.
  [[nodiscard]] std::vector<std::string> tokens(std::string_view name) const;

  /// Return the range of all fields, for loops.
  ///@{
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  ///@}

 private:
  std::vector<Field> fields_;
};

/// A complete HTTP request within the limits of Settings, with its target parsed (Tornado:
/// HTTPServerRequest). The server creates it; a handler reads it on the thread of its connection.
struct Request {
  /// Names and values in order.
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  std::string method;     ///< such as "GET"; case-sensitive
  unsigned version = 11;  ///< 10 for HTTP/1.0, 11 for HTTP/1.1
  std::string target;     ///< request target as it was sent
  std::string raw_path;   ///< path, percent-encoded, including characters that were sent unencoded
  std::string path;       ///< decoded path; begins with "/"
  Parameters query;       ///< decoded parameters of the query
  Headers headers;
  std::string protocol =
      "http";        ///< "http" or "https", as the client sees it if a trusted proxy reports that
  std::string body;  ///< complete; empty if there is none, or if the route has no method for it
  Parameters form;   ///< decoded fields of a URL-encoded form in the body, for POST, PUT and PATCH
  boost::asio::ip::address peer;       ///< remote end of the socket, which may be a proxy
  boost::asio::ip::address remote_ip;  ///< client, as trusted proxies report it (Settings::trusted_proxies);
                                       ///< 0.0.0.0 if a report is no address
  std::uint64_t connection = 0;        ///< number of the connection in the log

  /// Returns the last value of a query parameter, or nullopt. RequestHandler::get_argument() also looks at
  /// the form. The view is valid as long as the request is unchanged.
  [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const;

  /// Returns the value of the first cookie of this name as it was sent, or nullopt (RFC 6265 section 4.2).
  /// The view is valid as long as the request is unchanged.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

}  // namespace coroom
