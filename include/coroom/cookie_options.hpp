#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace coroom {

/// Whether a browser sends a cookie with requests that another site causes (RFC 6265bis section 4.1.2.7).
enum class SameSite {
  strict,  ///< with none of them
  lax,     ///< when the user follows a link to this site
  none     ///< with all of them; browsers require `secure` for this
};

/// The attributes of a cookie in RFC 6265bis section 4.1.2 (Tornado: the arguments of set_cookie).
struct CookieOptions {
  std::string path =
      "/";  ///< prefix of the paths that get the cookie, or empty for the folder of the request's path
  std::string domain =
      {};  ///< host that gets the cookie with its subdomains, or empty for only the request's host
  std::optional<std::chrono::seconds> max_age =
      {};                  ///< lifetime, where 0 deletes the cookie, or nullopt for the browser's session
  bool http_only = false;  ///< hidden from scripts
  bool secure = false;     ///< sent only over HTTPS
  std::optional<SameSite> same_site = {};  ///< nullopt: the browser's default, in most browsers lax
};

}  // namespace coroom
