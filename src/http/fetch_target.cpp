#include "http/fetch_target.hpp"

#include "core/host.hpp"

namespace coroom::detail::http {
namespace {

constexpr detail::UrlSchemes schemes{
    .plain = "http",
    .secure = "https",
    .wrong_scheme = "is not an https:// URL",
    .user_is_unsupported = "a user in the URL is not supported",
    .has_fragment = "has a fragment, which is not part of a request",
};

}  // namespace

Result<FetchTarget> parse_fetch_target(std::string_view url) {
  auto target = detail::parse_url_target(url, schemes);
  if (target && !target->secure && !detail::is_loopback(target->host)) {
    return failure(Errc::invalid_argument,
                   "'" + target->name + "' must begin with https://, since its host is not this machine");
  }
  return target;
}

}  // namespace coroom::detail::http
