#include "web/content_coding.hpp"

#include "core/grammar.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <string>

namespace coroom::detail::web {
namespace {

/// Parses a weight (RFC 9110 section 12.4.2). An invalid weight counts as 0.
double weight_of(std::string_view text) {
  double weight = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool right = ec == std::errc() && end == text.data() + text.size() && weight >= 0 && weight <= 1;
  return right ? weight : 0;
}

std::vector<std::string> parts_of(const std::string& text, const char* separator) {
  std::vector<std::string> parts;
  boost::split(parts, text, boost::is_any_of(separator));
  for (std::string& part : parts) boost::trim_if(part, boost::is_any_of(" \t"));
  return parts;
}

/// Returns the weight of each coding that a client accepts, by the coding's name in lower case.
std::map<std::string, double> weights_of(std::string_view field) {
  std::map<std::string, double> weights;
  for (const std::string& element : parts_of(detail::lower_case(field), ",")) {
    const std::vector<std::string> parts = parts_of(element, ";");
    double weight = 1;
    for (std::size_t index = 1; index != parts.size(); ++index) {
      if (parts[index].starts_with("q=")) weight = weight_of(std::string_view(parts[index]).substr(2));
    }
    const bool is_gzip = parts.front() == "x-gzip";  // RFC 9110 section 8.4.1.3
    weights.try_emplace(is_gzip ? "gzip" : parts.front(), weight);
  }
  return weights;
}

}  // namespace

const std::vector<ContentCoding>& content_codings() {
  static const std::vector<ContentCoding> all{{"br", ".br"}, {"gzip", ".gz"}};
  return all;
}

std::vector<ContentCoding> codings_for(std::string_view accept_encoding) {
  const auto weights = weights_of(accept_encoding);
  const auto weight = [&weights](std::string_view coding) -> double {
    for (const std::string_view name : {coding, std::string_view("*")}) {
      if (const auto found = weights.find(std::string(name)); found != weights.end()) return found->second;
    }
    return 0;  // not acceptable; the plain file always is, but a coding with a weight is preferred
  };
  const auto weight_of_coding = [&weight](const ContentCoding& coding) { return weight(coding.name); };
  std::vector<ContentCoding> wanted;
  for (const ContentCoding& coding : content_codings()) {
    const double here = weight_of_coding(coding);
    if (here == 0 || here < weight("identity")) continue;
    wanted.insert(std::ranges::upper_bound(wanted, here, std::ranges::greater(), weight_of_coding), coding);
  }
  return wanted;
}

}  // namespace coroom::detail::web
