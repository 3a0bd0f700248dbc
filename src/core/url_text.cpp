#include "core/url_text.hpp"

#include <boost/url/grammar/charset.hpp>
#include <boost/url/grammar/hexdig_chars.hpp>
#include <boost/url/rfc/pchars.hpp>

#include <algorithm>

namespace coroom::detail {
namespace {

namespace urls = boost::urls;

constexpr auto path_chars = urls::pchars + '/';
constexpr auto query_chars = urls::pchars + "/?";

bool begins_with_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && urls::grammar::hexdig_chars(text[1]) &&
         urls::grammar::hexdig_chars(text[2]);
}

/// Appends text. Keeps allowed characters and existing percent-encodings, and encodes all other bytes.
void append_encoded(std::string& to, std::string_view text, const urls::grammar::lut_chars& allowed) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (std::size_t at = 0; at != text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (allowed(byte) || begins_with_escape(text.substr(at))) {
      to += text[at];
    } else {
      to.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
}

/// Returns where the path begins: at once, or after the authority.
std::size_t start_of_path(std::string_view target) {
  if (target.starts_with('/')) return 0;
  const std::size_t authority = target.find("://");
  if (authority == target.npos) return target.size();
  return std::min(target.find_first_of("/?#", authority + 3), target.size());
}

}  // namespace

bool has_space_or_control(std::string_view text) {
  return std::ranges::any_of(text, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte <= ' ' || byte == 0x7f;
  });
}

std::string encoded_target(std::string_view target) {
  const std::size_t path = start_of_path(target);
  const std::size_t fragment = std::min(target.find('#', path), target.size());
  const std::size_t query = std::min(target.find('?', path), fragment);
  std::string encoded(target.substr(0, path));
  encoded.reserve(target.size());
  append_encoded(encoded, target.substr(path, query - path), path_chars);
  if (query != fragment) {
    encoded += '?';
    append_encoded(encoded, target.substr(query + 1, fragment - query - 1), query_chars);
  }
  encoded += target.substr(fragment);
  return encoded;
}

std::string encoded_query(std::string_view query) {
  std::string encoded;
  encoded.reserve(query.size());
  append_encoded(encoded, query, query_chars);
  return encoded;
}

}  // namespace coroom::detail
