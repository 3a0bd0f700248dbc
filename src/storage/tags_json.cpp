#include "storage/tags_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace coroom::detail::storage {

std::string json_of_tags(const Tags& tags) {
  boost::json::object object;
  object.reserve(tags.size());
  for (const auto& [key, value] : tags) object[key] = value;
  return boost::json::serialize(object);
}

std::shared_ptr<const Tags> tags_of_json(std::string_view json) {
  boost::system::error_code ec;
  const boost::json::value parsed = boost::json::parse({json.data(), json.size()}, ec);
  const auto* object = ec ? nullptr : parsed.if_object();
  if (object == nullptr) return nullptr;
  auto tags = std::make_shared<Tags>();
  for (const auto& [key, value] : *object) {
    if (!value.is_string()) return nullptr;
    tags->emplace(key, value.get_string());
  }
  return tags;
}

}  // namespace coroom::detail::storage
