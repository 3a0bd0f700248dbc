#include "http/origin.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace coroom::http {
namespace {

std::string_view default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? "443" : "80";
}

}  // namespace

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

bool is_same_origin(const Origin& origin, const Request& request) {
  const auto host = request.headers.get("Host");
  const auto self = host ? parse_origin(origin.scheme + "://" + std::string(*host)) : std::nullopt;
  return self && self->authority == origin.authority;
}

}  // namespace coroom::http
