#include "application/publication_check.hpp"

#include "core/json_text.hpp"
#include "core/utf8.hpp"
#include "limits/tags_size.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace coroom::detail::application {
namespace {

// Every member gets the tags with each publication, and every filter of a subscription reads them. They are
// labels; larger text belongs into the data.
constexpr std::size_t most_tags = 64;
constexpr std::size_t longest_tags = 8 << 10;  // bytes of all keys and values

Result<> check(const Tags& tags) {
  if (tags.size() > most_tags)
    return failure(Errc::invalid_argument,
                   std::to_string(tags.size()) + " tags are more than " + std::to_string(most_tags));
  if (const std::size_t size = limits::text_size(&tags); size > longest_tags)
    return failure(Errc::invalid_argument, "the tags have " + std::to_string(size) + " bytes, more than " +
                                               std::to_string(longest_tags));
  const auto is_utf8 = [](const Tags::value_type& tag) {
    return detail::is_utf8(tag.first) && detail::is_utf8(tag.second);
  };
  if (!std::ranges::all_of(tags, is_utf8)) return failure(Errc::invalid_text, "a tag is not UTF-8");
  return {};
}

}  // namespace

Result<> check(Publication& publication) {
  using Kind = Publication::Kind;
  if (publication.tags) {
    if (auto valid = check(*publication.tags); !valid) return valid;
    if (publication.tags->empty()) publication.tags = nullptr;
  }
  if (publication.kind == Kind::text && !detail::is_utf8(publication.data))
    return failure(Errc::invalid_text, "the text is not UTF-8");
  if (publication.kind != Kind::json) return {};
  if (!detail::is_json(publication.data))
    return failure(Errc::invalid_json, "the publication is not one JSON value");
  detail::put_in_one_line(publication.data);
  return {};
}

}  // namespace coroom::detail::application
