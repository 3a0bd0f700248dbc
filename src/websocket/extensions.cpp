#include "websocket/extensions.hpp"

#include "core/grammar.hpp"

#include <algorithm>

namespace coroom::detail::websocket {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) { skip_space(); }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// Takes a separator and the space behind it; returns false if another character is next.
  bool take(char separator) {
    if (!rest_.starts_with(separator)) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }

  /// Takes a token; returns an empty string if there is none.
  std::string token() {
    std::string token(rest_.substr(0, rest_.find_first_of(" \t,;=\"")));
    if (!detail::is_http_token(token)) return {};
    rest_.remove_prefix(token.size());
    skip_space();
    return token;
  }

  /// Takes a token or a quoted token; returns an empty string if there is neither.
  std::string value() {
    if (!rest_.starts_with('"')) return token();
    std::string text;
    for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"'; rest_.remove_prefix(1)) {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return {};
      text.push_back(rest_.front());
    }
    if (!take('"') || !detail::is_http_token(text)) return {};
    return text;
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

  std::string_view rest_;
};

std::optional<Extension> read_extension(Reader& reader) {
  Extension extension;
  extension.name = reader.token();
  if (extension.name.empty()) return std::nullopt;
  while (reader.take(';')) {
    std::string name = reader.token();
    if (name.empty()) return std::nullopt;
    std::string value;
    if (reader.take('=')) {
      value = reader.value();
      if (value.empty()) return std::nullopt;
    }
    extension.parameters.emplace_back(std::move(name), std::move(value));
  }
  return extension;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(std::string_view field) {
  std::vector<Extension> extensions;
  Reader reader(field);
  while (true) {
    while (reader.take(',')) {  // an element may be empty (RFC 9110 section 5.6.1.2)
    }
    if (reader.at_end()) break;
    auto extension = read_extension(reader);
    if (!extension) return std::nullopt;
    extensions.push_back(*std::move(extension));
    if (!reader.at_end() && !reader.take(',')) return std::nullopt;
  }
  if (extensions.empty()) return std::nullopt;
  return extensions;
}

}  // namespace coroom::detail::websocket
