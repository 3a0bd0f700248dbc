#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::http {

/// The parts of the URL of a document to fetch.
struct FetchTarget {
  FetchTarget() = default;

  bool secure = false;    ///< https
  std::string host;       ///< a name or an address; an IPv6 address has no brackets
  std::string port;       ///< decimal digits
  std::string authority;  ///< the Host field; without the port if it is the scheme's default
  std::string path;       ///< the request target: path and query
  std::string name;       ///< for messages: the URL without its query, which may hold a secret
};

/// Parses an https URL, or an http URL on a loopback host: other networks could change the document. Fails
/// for any other text; the error names the reason and not the query.
Result<FetchTarget> parse_fetch_target(std::string_view url);

}  // namespace coroom::detail::http
