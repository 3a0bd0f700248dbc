#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace coroom {

/// Whether a browser sends a cookie with requests that another site causes (RFC 6265bis section 4.1.2.7).
enum class SameSite {
  strict,  ///< with none
  lax,     ///< when a link leads here
  none     ///< with all; browsers want it to be secure as well
};

/// How a browser is to keep a cookie (Tornado: the arguments of set_cookie; RFC 6265bis section 4.1.2).
struct CookieOptions {
  std::string path = "/";   ///< the addresses it is sent to begin so; empty: those beside this one
  std::string domain = {};  ///< the hosts below it have the cookie too; empty: this host alone
  std::optional<std::chrono::seconds> max_age = {};  ///< for how long; unset: as long as the browser runs
  bool http_only = false;                            ///< scripts don't see it
  bool secure = false;                               ///< only over HTTPS
  std::optional<SameSite> same_site = {};            ///< unset: the browser decides; most take lax
};

}  // namespace coroom
