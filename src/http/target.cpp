#include "http/target.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/url/authority_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url_view.hpp>

namespace coroom::http {

namespace {

namespace urls = boost::urls;

urls::encoding_opts form_style() {
  urls::encoding_opts style;
  style.space_as_plus = true;
  return style;
}

Request::Parameters decoded(const urls::params_view& parameters) {
  Request::Parameters all;
  for (const auto& parameter : parameters) all.emplace_back(parameter.key, parameter.value);
  return all;
}

}  // namespace

Result<> parse_target(std::string_view target, Request& request) {
  const auto parsed = target.starts_with('/') ? urls::parse_origin_form(target) : urls::parse_uri(target);
  if (!parsed) return failure("the request target is not a URL");
  const urls::url_view& url = *parsed;
  request.raw_path = std::string(url.encoded_path());
  if (request.raw_path.empty()) request.raw_path = "/";
  request.path = url.path();
  if (request.path.empty()) request.path = "/";
  request.query = decoded(url.params(form_style()));
  return {};
}

Result<> check_host(const Request& request) {
  std::size_t count = 0;
  for (const auto& [name, value] : request.headers) {
    if (!boost::algorithm::iequals(name, "Host")) continue;
    const auto parsed = urls::parse_authority(value);
    if (++count != 1 || !parsed || parsed->has_userinfo()) return failure("the Host is not one host");
  }
  if (count == 0 && request.version >= 11) return failure("there is no Host");
  return {};
}

Request::Parameters parse_form(std::string_view body) {
  const std::string query = "?" + std::string(body);
  const auto parsed = urls::parse_relative_ref(query);
  if (!parsed) return {};
  return decoded(parsed->params(form_style()));
}

std::string percent_decoded(const std::string& text) {
  const auto parsed = urls::make_pct_string_view(text);
  return parsed ? parsed->decode() : text;
}

std::string percent_encoded(std::string_view path) {
  return urls::encode(path, urls::pchars + '/');
}

}  // namespace coroom::http
