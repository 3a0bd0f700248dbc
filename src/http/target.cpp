#include "http/target.hpp"

#include "core/grammar.hpp"
#include "core/url_text.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/url/authority_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url_view.hpp>

#include <cstddef>
#include <utility>

namespace coroom::detail::http {

namespace {

namespace urls = boost::urls;

constexpr std::size_t most_parameters = 1000;  // each needs some memory, however short it is

urls::encoding_opts form_style() {
  urls::encoding_opts style;
  style.space_as_plus = true;
  return style;
}

/// Parses the text after a question mark, or a form. The parameters view of the whole URL is not used:
/// Boost.URL 1.81 reads an empty query out of bounds if a fragment follows.
Result<Request::Parameters> parse_parameters(std::string_view text) {
  Request::Parameters all;
  const std::string query = detail::encoded_query(text);
  const auto parsed = urls::parse_query(query);
  if (!parsed) return all;
  if (parsed->size() > most_parameters) return failure("The request has too many parameters.");
  for (const auto& parameter : *parsed)
    all.emplace_back(parameter.key.decode(form_style()), parameter.value.decode(form_style()));
  return all;
}

}  // namespace

Result<> parse_target(std::string_view sent, Request& request) {
  if (sent == server_itself && request.method == "OPTIONS") {
    request.raw_path = request.path = server_itself;
    return {};
  }
  if (detail::has_space_or_control(sent)) return failure("The request target is not a URL.");
  const bool origin_form = sent.starts_with('/');
  const std::string target = detail::encoded_target(sent);
  const auto parsed = origin_form ? urls::parse_origin_form(target) : urls::parse_absolute_uri(target);
  if (!parsed) return failure("The request target is not a URL.");
  const urls::url_view& url = *parsed;
  // RFC 9110 section 4.2.1: an http URL has a host.
  if (!origin_form && url.encoded_host().empty()) return failure("The request target has no host.");
  request.raw_path = std::string(url.encoded_path());
  if (request.raw_path.empty()) request.raw_path = "/";
  // RFC 3986 section 3.3. Boost.URL 1.81 accepts any text after a port as a path.
  if (!request.raw_path.starts_with('/')) return failure("The request target is not a URL.");
  request.path = url.path();
  if (request.path.empty()) request.path = "/";
  auto parameters =
      parse_parameters(std::string_view(url.encoded_query().data(), url.encoded_query().size()));
  if (!parameters) return tl::unexpected(parameters.error());
  request.query = std::move(*parameters);
  return {};
}

Result<> check_host(const Request& request) {
  std::size_t count = 0;
  for (const auto& [name, value] : request.headers) {
    if (!boost::beast::iequals(name, "Host")) continue;
    const auto parsed = urls::parse_authority(value);
    if (++count != 1 || !parsed || parsed->has_userinfo())
      return failure("The Host field is not one valid host.");
  }
  if (count == 0 && request.version >= 11) return failure("The Host field is missing.");
  return {};
}

Result<> parse_form(Request& request) {
  if (request.method != "POST" && request.method != "PUT" && request.method != "PATCH") return {};
  const std::string_view type = request.headers.get("Content-Type").value_or("");
  if (!detail::is_media_type(type, "application/x-www-form-urlencoded")) return {};
  auto parameters = parse_parameters(request.body);
  if (!parameters) return tl::unexpected(parameters.error());
  request.form = std::move(*parameters);
  return {};
}

std::string percent_decoded(const std::string& text) {
  const auto parsed = urls::make_pct_string_view(text);
  return parsed ? parsed->decode() : text;
}

std::string percent_encoded(std::string_view path) {
  return urls::encode(path, urls::pchars + '/');
}

}  // namespace coroom::detail::http
