#include "auth/origin_policy.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <optional>

namespace coroom::auth {
namespace {

/// An origin in the one form in which two can be compared (RFC 6454 section 6.2).
struct Origin {
  std::string scheme;
  std::string authority;  // host:port, the port always there

  [[nodiscard]] std::string text() const { return scheme + "://" + authority; }
};

std::string_view default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? "443" : "80";
}

std::optional<Origin> parse_origin(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || !url->has_authority() || url->encoded_host().empty() || url->has_userinfo())
    return std::nullopt;
  if (!url->encoded_path().empty() || url->has_query() || url->has_fragment()) return std::nullopt;
  Origin origin;
  origin.scheme = boost::algorithm::to_lower_copy(std::string(url->scheme()));
  const std::string port(url->has_port() && !url->port().empty() ? std::string_view(url->port())
                                                                 : default_port(origin.scheme));
  origin.authority = boost::algorithm::to_lower_copy(std::string(url->encoded_host())) + ':' + port;
  return origin;
}

}  // namespace

Result<OriginPolicy> OriginPolicy::make(const std::vector<std::string>& allowed) {
  OriginPolicy policy;
  for (const std::string& entry : allowed) {
    if (entry == "*") {
      policy.all_ = true;
    } else if (const auto origin = parse_origin(entry)) {
      policy.allowed_.push_back(origin->text());
    } else {
      return failure("'" + entry + "' is not an origin such as https://chat.example.org, nor *");
    }
  }
  return policy;
}

bool OriginPolicy::allows(const http::Request& request) const {
  const auto header = request.headers.get("Origin");
  if (all_ || !header) return true;
  const auto origin = parse_origin(*header);
  if (!origin) return false;
  if (std::ranges::find(allowed_, origin->text()) != allowed_.end()) return true;
  // The scheme is not ours to know: a proxy may have spoken TLS for us.
  const auto host = request.headers.get("Host");
  const auto self = host ? parse_origin(origin->scheme + "://" + std::string(*host)) : std::nullopt;
  return self && self->authority == origin->authority;
}

}  // namespace coroom::auth
