#include "core/url_target.hpp"

#include "core/grammar.hpp"
#include "core/setting_value.hpp"
#include "core/url_text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace coroom::detail {
namespace {

std::string encoded(boost::core::string_view part) {
  return std::string(part.data(), part.size());
}

}  // namespace

Result<UrlTarget> parse_url_target(std::string_view url, const UrlSchemes& schemes) {
  const auto wrong = [&](const std::string& why) {
    return failure(Errc::invalid_argument, "'" + printable(url.substr(0, url.find('?'))) + "' " + why);
  };
  if (has_space_or_control(url))
    return wrong("contains a space or a control character, which must be encoded");
  const std::string text = encoded_target(url);
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return wrong("is not a URL");
  const boost::urls::url_view& view = *parsed;
  if (view.has_userinfo()) return failure(Errc::invalid_argument, schemes.user_is_unsupported);
  // RFC 3986 section 3.3. Boost.URL 1.81 takes any text behind a port as the path.
  const auto path = view.encoded_path();
  if (view.has_authority() && !path.empty() && !path.starts_with('/')) return wrong("is not a URL");
  const std::string scheme = lower_case(encoded(view.scheme()));
  UrlTarget target;
  target.secure = scheme == schemes.secure;
  if (!target.secure && scheme != schemes.plain) return wrong(schemes.wrong_scheme);
  if (view.encoded_host().empty()) return wrong("has no host");
  if (view.has_fragment()) return wrong(schemes.has_fragment);
  const std::string own_port = target.secure ? "443" : "80";
  target.port = view.port().empty() ? own_port : encoded(view.port());
  if (target.port.size() > 5 || std::stoi(target.port) == 0 || std::stoi(target.port) > 65535)
    return wrong("has a port that is not from 1 to 65535");
  const std::string host = encoded(view.encoded_host());
  target.host = view.host_type() == boost::urls::host_type::ipv6 ? host.substr(1, host.size() - 2) : host;
  target.authority = target.port == own_port ? host : host + ":" + target.port;
  target.path = path.empty() ? "/" : encoded(path);
  target.name = scheme + "://" + target.authority + target.path;
  if (view.has_query()) target.path += "?" + encoded(view.encoded_query());
  return target;
}

}  // namespace coroom::detail
