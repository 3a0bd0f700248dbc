#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail {

/// The parts of the URL of a server to connect to.
struct UrlTarget {
  UrlTarget() = default;

  bool secure = false;    ///< TLS
  std::string host;       ///< a name or an address; an IPv6 address has no brackets
  std::string port;       ///< decimal digits
  std::string authority;  ///< the Host field; without the port if it is the scheme's default
  std::string path;       ///< the request target: path and query
  std::string name;       ///< for messages: the URL without its query, which may hold a secret
};

/// A scheme without TLS and the same with TLS, and the reasons to reject other URLs. The default ports are 80
/// and 443.
struct UrlSchemes {
  std::string_view plain;           ///< in small letters, such as "ws"
  std::string_view secure;          ///< such as "wss"
  const char* wrong_scheme;         ///< stands behind the URL, such as "is not a ws:// or wss:// URL"
  const char* user_is_unsupported;  ///< stands alone, since the URL may hold a password
  const char* has_fragment;         ///< stands behind the URL
};

/// Parses a URL (RFC 3986) with one of the schemes. The error names the part that is invalid, and shows
/// neither the query nor a user.
Result<UrlTarget> parse_url_target(std::string_view url, const UrlSchemes& schemes);

}  // namespace coroom::detail
