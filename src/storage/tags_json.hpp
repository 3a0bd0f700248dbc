#pragma once

#include <coroom/publication.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::storage {

/// Returns tags as a JSON object of strings.
std::string json_of_tags(const Tags& tags);

/// Reads what json_of_tags() has written. Returns nullptr for any other text, since a damaged value must not
/// make the whole history unreadable.
std::shared_ptr<const Tags> tags_of_json(std::string_view json);

}  // namespace coroom::detail::storage
