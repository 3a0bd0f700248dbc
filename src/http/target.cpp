#include "http/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace coroom::http {

Result<> parse_target(std::string_view target, Request& request) {
  namespace urls = boost::urls;
  const auto parsed = target.starts_with('/') ? urls::parse_origin_form(target) : urls::parse_uri(target);
  if (!parsed) return failure("the request target is not a URL");
  const urls::url_view& url = *parsed;
  request.path = url.path();
  if (request.path.empty()) request.path = "/";
  urls::encoding_opts form_style;
  form_style.space_as_plus = true;
  for (const auto& parameter : url.params(form_style))
    request.query.emplace_back(parameter.key, parameter.value);
  return {};
}

}  // namespace coroom::http
